using OpCollector.Events;
using OpCollector.Sources.EventsApi;

namespace OpCollector.Tests;

/// <summary><c>source.eventsApi</c>: what it takes, what it means when nothing is said, and where a complaint points to.</summary>
public sealed class EventsApiSettingsSpecs : IDisposable
{
    readonly TestConfiguration _written = new();

    public void Dispose() => _written.Dispose();

    EventsApiSettings Load(string members) => (EventsApiSettings)_written.LoadText(Text(members)).Source;

    static string Text(string members, string start = "24h") =>
        $$"""
        {
          "source": { "type": "events-api", "eventsApi": { "token": { "env": "T" }{{(members.Length == 0 ? "" : ",")}}
            {{members}} } },
          "start": "{{start}}", "sink": { "type": "stdout" }
        }
        """;

    [Fact]
    public void Three_streams_with_what_suits_each_are_usual()
    {
        var settings = Load("");

        settings.Should().BeEquivalentTo(new { Url = (Uri?)null, Limit = 1000 });
        settings.Streams.Should().Equal(
            new StreamSettings(EventStream.Audit, TimeSpan.FromHours(1), TimeSpan.FromHours(1)),
            new StreamSettings(EventStream.SignIn, TimeSpan.FromHours(1), TimeSpan.FromHours(1)),
            new StreamSettings(EventStream.ItemUsage, TimeSpan.FromHours(48), TimeSpan.FromHours(6)));
    }

    [Fact]
    public void Each_member_has_its_effect()
    {
        var settings = Load("""
            "region": "eu", "limit": 250, "streams": ["itemusage", "audit"], "overlap": {"itemusage": "72h"}, "overlapEvery": {"audit": "10m"}
            """);

        settings.Url.Should().Be(new Uri("https://events.1password.eu"));
        settings.Limit.Should().Be(250);
        settings.Streams.Should().Equal(
            new StreamSettings(EventStream.Audit, TimeSpan.FromHours(1), TimeSpan.FromMinutes(10)),
            new StreamSettings(EventStream.ItemUsage, TimeSpan.FromHours(72), TimeSpan.FromHours(6)));
    }

    [Theory]
    [InlineData("com", "https://events.1password.com/")]
    [InlineData("ca", "https://events.1password.ca/")]
    [InlineData("eu", "https://events.1password.eu/")]
    [InlineData("enterprise", "https://events.ent.1password.com/")]
    public void A_region_is_a_host(string region, string address) =>
        Load($"\"region\": \"{region}\"").Url!.AbsoluteUri.Should().Be(address);

    [Fact]
    public void A_url_overrides_the_region() =>
        Load("\"region\": \"eu\", \"url\": \"http://127.0.0.1:99\"").Url!.AbsoluteUri.Should().Be("http://127.0.0.1:99/");

    [Theory]
    [InlineData("\"region\": \"us\"", "3: source.eventsApi.region: \"us\" is unknown")]
    [InlineData("\"url\": \"https://evil.example\"", "3: source.eventsApi.url: is not one of 1Password's hosts")]
    [InlineData(
        "\"url\": \"https://events.1password.com/api/v2\"",
        "3: source.eventsApi.url: has a path; write https://events.1password.com alone")]
    [InlineData("\"url\": \"events.1password.eu/api\"", "3: source.eventsApi.url: has a path; write https://events.1password.eu alone")]
    [InlineData("\"url\": \"http://127.0.0.1:99/x\"", "3: source.eventsApi.url: has a path; write http://127.0.0.1:99 alone")]
    [InlineData(
        "\"url\": \"https://events.1password.com/?a=b\"",
        "3: source.eventsApi.url: holds a ? or #; write https://events.1password.com alone")]
    [InlineData("\"url\": \"https://events.1password.com/#x\"", "3: source.eventsApi.url: holds a ? or #")]
    [InlineData("\"url\": \"https://me:hush@events.1password.com\"", "3: source.eventsApi.url: holds a user name or password")]
    [InlineData("\"url\": \"http://events.1password.com\"", "3: source.eventsApi.url: is not an https:// address")]
    [InlineData("\"url\": \"https://\"", "3: source.eventsApi.url: is not an address")]
    [InlineData("\"limit\": 1001", "3: source.eventsApi.limit: 1Password gives 1000 events at a time")]
    [InlineData("\"limit\": 0", "3: source.eventsApi.limit: must be a whole number above 0")]
    [InlineData("\"streams\": []", "3: source.eventsApi.streams: must be a list")]
    [InlineData(
        "\"streams\": [\"users\"]",
        "3: source.eventsApi.streams[0]: \"users\" is unknown; it is one of \"audit\", \"signin\", \"itemusage\"")]
    [InlineData("\"overlap\": {\"audits\": \"1h\"}", "3: source.eventsApi.overlap.audits: unknown")]
    [InlineData("\"overlap\": {\"audit\": \"200d\"}", "3: source.eventsApi.overlap.audit: 1Password gives the last 120 days")]
    [InlineData("\"overlapEvery\": {\"audit\": \"often\"}", "3: source.eventsApi.overlapEvery.audit: \"often\" is not a duration")]
    [InlineData("\"nonsense\": 1", "3: source.eventsApi.nonsense: unknown")]
    public void A_complaint_has_file_and_line(string members, string complaint) =>
        _written.ComplaintOf(() => Load(members)).Should().StartWith(complaint);

    [Theory]
    [InlineData("\"plain\"", "a secret is never written into the configuration")]
    [InlineData("""{"op": "Vault/item"}""", "source.eventsApi.token.op: is not a reference to an item")]
    [InlineData("""{"op": "op://v/i/f", "env": "T"}""", "source.eventsApi.token.env: unknown")]
    public void A_token_is_a_secret_or_an_item(string token, string complaint) =>
        _written.ComplaintOf(() => _written.LoadText(Text("").Replace("""{ "env": "T" }""", token, StringComparison.Ordinal)))
            .Should().Contain(complaint);

    [Fact]
    public void An_event_id_is_no_start() =>
        _written.ComplaintOf(() => _written.LoadText(Text("", start: "4711")))
            .Should().StartWith("4: start: an event id is a position of the op source");
}
