using System.Text;
using System.Text.Json;
using EventsApiEmulator;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Names.Words;

namespace OpCollector.Tests;

/// <summary>What is added to an event of the Events API, and that nothing else happens to it.</summary>
public sealed class ApiEnricherSpecs
{
    static readonly NameBook Names = NameBook.Empty.WithMore(
    [
        new NamedEntity("BOB", "Bob B", "bob@acme.example"),
        new NamedEntity("OWNERS", "Owners"),
        new NamedEntity("PAYROLL", "Pay \"roll\""),
    ]);

    public static TheoryData<string> Features => [.. ApiToken.All];

    [Fact]
    public void What_the_api_tells_of_people_is_used_and_not_doubled() =>
        Enriched(
            """{"uuid":"U","actor_uuid":"ALICE","actor_details":{"uuid":"ALICE","name":"Alice A","email":"alice@acme.example"},"action":"join","object_type":"gm","object_uuid":"OWNERS","aux_uuid":"BOB","aux_details":{"uuid":"BOB","email":"bob@other.example"},"aux_info":"A"}""",
            "audit")
            .Should().Be(
                """{"uuid":"U","actor_uuid":"ALICE","actor_details":{"uuid":"ALICE","name":"Alice A","email":"alice@acme.example"},"action":"join","object_type":"gm","object_uuid":"OWNERS","object_name":"Owners","aux_uuid":"BOB","aux_details":{"uuid":"BOB","email":"bob@other.example"},"aux_info":"A","stream":"audit","summary":"Alice A added bob@other.example to the group Owners as a manager"}""");

    [Fact]
    public void What_it_does_not_tell_comes_from_the_lists() =>
        Enriched(
            """{"uuid":"U","actor_uuid":"BOB","action":"grant","object_type":"uva","object_uuid":"PAYROLL","aux_uuid":"BOB"}""", "audit")
            .Should().Be(
                """{"uuid":"U","actor_uuid":"BOB","actor_name":"Bob B","actor_email":"bob@acme.example","action":"grant","object_type":"uva","object_uuid":"PAYROLL","object_name":"Pay \"roll\"","aux_uuid":"BOB","aux_name":"Bob B","aux_email":"bob@acme.example","stream":"audit","summary":"Bob B granted Bob B access to the vault Pay \"roll\""}""");

    [Theory]
    [InlineData(
        """{"uuid":"U","vault_uuid":"PAYROLL","item_uuid":"ITEM","action":"reveal","user":{"uuid":"X","name":"Alice A"}}""",
        "itemusage",
        "Alice A revealed a secret of the item ITEM in the vault Pay \\\"roll\\\"")]
    [InlineData(
        """{"uuid":"U","vault_uuid":"V","item_uuid":"ITEM","action":"","user":{"uuid":"X","name":"","email":"a@acme.example"}}""",
        "itemusage",
        "a@acme.example used the item ITEM of the vault V")]
    [InlineData(
        """{"uuid":"U","vault_uuid":"V","item_uuid":"ITEM","action":"teleport","user":null}""",
        "itemusage",
        "Somebody used the item ITEM of the vault V (teleport)")]
    [InlineData(
        """{"uuid":"U","category":"success","type":"credentials_ok","target_user":{"name":"Alice A"},"client":{"app_name":"1Password for Mac"},"details":null}""",
        "signin",
        "Alice A signed in with 1Password for Mac")]
    [InlineData("""{"uuid":"U","category":"success","type":"mfa_ok","target_user":{"uuid":"X"}}""", "signin", "X signed in")]
    [InlineData(
        """{"uuid":"U","category":"credentials_failed","type":"password_secret_bad","target_user":{"name":"Alice A"}}""",
        "signin",
        "A sign-in of Alice A failed: the account password or the Secret Key was wrong")]
    [InlineData(
        """{"uuid":"U","category":"firewall_failed","type":"country_blocked","details":{"value":"France"},"target_user":{"name":"Alice A"}}""",
        "signin",
        "A sign-in of Alice A was blocked by the firewall: by its country (France)")]
    [InlineData(
        """{"uuid":"U","category":"firewall_reported_success","type":"country_blocked","details":{"value":"France"},"target_user":{"name":"Alice A"}}""",
        "signin",
        "Alice A signed in, which the firewall reports (France) and does not block yet")]
    [InlineData("""{"uuid":"U","category":"new","type":"unheard_of"}""", "signin", "A sign-in of Somebody ended with new (unheard_of)")]
    public void Each_stream_has_its_sentences(string bare, string stream, string summary) =>
        Enriched(bare, stream).Should().EndWith($",\"stream\":\"{stream}\",\"summary\":\"{summary}\"}}");

    [Fact]
    public void The_vault_of_an_item_has_its_name_behind_its_uuid() =>
        Enriched("""{"uuid":"U","vault_uuid":"PAYROLL","item_uuid":"I"}""", "itemusage")
            .Should().StartWith("""{"uuid":"U","vault_uuid":"PAYROLL","vault_name":"Pay \"roll\"","item_uuid":"I",""");

    [Theory]
    [MemberData(nameof(Features))]
    public void Nothing_else_of_an_event_changes_and_a_second_time_nothing_at_all(string feature)
    {
        var bare = Samples.Of(feature, "U", DateTimeOffset.UnixEpoch, 7);

        var once = Enriched(bare, EventStream.All.Single(stream => stream.Feature == feature).Name);

        Explanations.Remove(once).Should().Be(bare);
        Enriched(once, "audit").Should().Be(once);
        using var json = JsonDocument.Parse(once);
        json.RootElement.GetProperty("summary").GetString().Should().StartWith("Jack O'Neill");
    }

    [Theory]
    [InlineData("""{"uuid":"U","actor_details":[1,{"name":"x"}],"user":"y","client":7,"actor_uuid":{"a":1},"object_uuid":null}""")]
    [InlineData("""{"uuid":"U","actor_details":{"name":"\ud800","email":5},"object_uuid":"x"}""")]
    [InlineData("""{"uuid":"U","summary":"mine","stream":"theirs"}""")]
    public void Odd_events_stay_what_they_are(string bare)
    {
        var enriched = Enriched(bare, "audit");

        using var json = JsonDocument.Parse(enriched);
        enriched.Should().StartWith(bare[..^1]);
    }

    static string Enriched(string json, string stream) =>
        new Enricher(Dialect.EventsApi, Names, Vocabulary.Standard)
            .Enrich(ActivityEvent.Read(Encoding.UTF8.GetBytes(json), EventIdentity.EventsApi).Event!, stream, unknown: null)
            .ToString();
}
