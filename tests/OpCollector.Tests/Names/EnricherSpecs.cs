using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Names.Words;

namespace OpCollector.Tests;

/// <summary>What is added to an event, and that nothing else happens to it.</summary>
public sealed class EnricherSpecs
{
    static readonly NameBook Names = new(
        Listed(
            new NamedEntity("ALICE_UUID", "Alice A", "alice@acme.example"),
            new NamedEntity("BOB_UUID", "Bob B", "bob@acme.example"),
            new NamedEntity("DAVE_UUID", null, "dave@acme.example"),
            new NamedEntity("ODD_UUID", "Å \"O'Neil\" \\ <b>", "odd@acme.example")),
        Listed(new NamedEntity("hd22y2bob6qdpap2ge6d7nn4yy", "Owners")),
        Listed(new NamedEntity("vault_uuid", "Payroll")),
        [new NamedEntity("more_uuid", "From a file")]);

    static readonly string[] Added = ["actorName", "actorEmail", "objectName", "auxName", "auxEmail", "summary"];

    [Fact]
    public void A_group_membership_tells_who_was_added_to_what()
    {
        const string Event = """{"eid":123456,"time":"2021-01-01T00:00:00Z","actorUuid":"ALICE_UUID","action":"join","objectType":"gm","objectUuid":"hd22y2bob6qdpap2ge6d7nn4yy","auxInfo":"A","auxUUID":"BOB_UUID"}""";

        Enriched(Event).Should().Be(
            """{"eid":123456,"time":"2021-01-01T00:00:00Z","actorUuid":"ALICE_UUID","actorName":"Alice A","actorEmail":"alice@acme.example","action":"join","objectType":"gm","objectUuid":"hd22y2bob6qdpap2ge6d7nn4yy","objectName":"Owners","auxInfo":"A","auxUUID":"BOB_UUID","auxName":"Bob B","auxEmail":"bob@acme.example","summary":"Alice A added Bob B to the group Owners as a manager"}""");
    }

    [Theory]
    [InlineData(
        """{"actorUuid":"ALICE_UUID","eid":1}""",
        """{"actorUuid":"ALICE_UUID","actorName":"Alice A","actorEmail":"alice@acme.example","eid":1}""")]
    [InlineData(
        """{"eid":1,"auxUUID":"BOB_UUID","actorUuid":"ALICE_UUID"}""",
        """{"eid":1,"auxUUID":"BOB_UUID","auxName":"Bob B","auxEmail":"bob@acme.example","actorUuid":"ALICE_UUID","actorName":"Alice A","actorEmail":"alice@acme.example"}""")]
    [InlineData("""{"eid":1,"actorUuid":"DAVE_UUID"}""", """{"eid":1,"actorUuid":"DAVE_UUID","actorEmail":"dave@acme.example"}""")]
    [InlineData("""{"eid":1,"actorUuid":"NOBODY"}""", """{"eid":1,"actorUuid":"NOBODY"}""")]
    [InlineData(
        """{"eid":1,"actorUuid":null,"objectUuid":7,"auxUUID":{"BOB_UUID":[]}}""",
        """{"eid":1,"actorUuid":null,"objectUuid":7,"auxUUID":{"BOB_UUID":[]}}""")]
    [InlineData("""{"eid":1,"in":{"actorUuid":"ALICE_UUID","summary":""}}""", """{"eid":1,"in":{"actorUuid":"ALICE_UUID","summary":""}}""")]
    [InlineData(
        """{"eid":1,"actorUuid":"ALICE_UUID","actorUuid":"BOB_UUID"}""",
        """{"eid":1,"actorUuid":"ALICE_UUID","actorUuid":"BOB_UUID","actorName":"Bob B","actorEmail":"bob@acme.example"}""")]
    [InlineData(
        """{"eid":1,"\u0061ctorUuid":"\u0041LICE_UUID"}""",
        """{"eid":1,"\u0061ctorUuid":"\u0041LICE_UUID","actorName":"Alice A","actorEmail":"alice@acme.example"}""")]
    [InlineData(
        """{"eid":1,"actorUuid":"ODD_UUID"}""",
        """{"eid":1,"actorUuid":"ODD_UUID","actorName":"Å \"O'Neil\" \\ <b>","actorEmail":"odd@acme.example"}""")]
    [InlineData("""{"eid":1,"objectUuid":"more_uuid"}""", """{"eid":1,"objectUuid":"more_uuid","objectName":"From a file"}""")]
    [InlineData("""{"eid":1}""", """{"eid":1}""")]
    public void A_name_stands_behind_the_member_it_explains_and_only_where_it_is_known(string bare, string enriched) =>
        Enriched(bare).Should().Be(enriched);

    [Theory]
    [InlineData(
        """{"eid":1,"actorUuid":"ALICE_UUID","actorName":"Ms A","action":"create"}""",
        """{"eid":1,"actorUuid":"ALICE_UUID","actorEmail":"alice@acme.example","actorName":"Ms A","action":"create","summary":"Alice A performed"}""")]
    [InlineData(
        """{"summary":"","eid":1,"action":"create","actorUuid":"ALICE_UUID"}""",
        """{"summary":"","eid":1,"action":"create","actorUuid":"ALICE_UUID","actorName":"Alice A","actorEmail":"alice@acme.example"}""")]
    public void What_is_there_already_stays_alone(string bare, string enriched) =>
        Enriched(bare).Replace("Alice A created something", "Alice A performed", StringComparison.Ordinal).Should().Be(enriched);

    [Theory]
    [InlineData("group", "hd22y2bob6qdpap2ge6d7nn4yy", "Owners")]
    [InlineData("gm", "hd22y2bob6qdpap2ge6d7nn4yy", "Owners")]
    [InlineData("uva", "vault_uuid", "Payroll")]
    [InlineData("gva", "vault_uuid", "Payroll")]
    [InlineData("items", "vault_uuid", "Payroll")]
    [InlineData("vault", "vault_uuid", "Payroll")]
    [InlineData("vaultkey", "vault_uuid", "Payroll")]
    [InlineData("user", "BOB_UUID", "Bob B")]
    [InlineData("miguser", "BOB_UUID", "Bob B")]
    public void The_type_of_the_object_says_whose_name_it_is(string type, string uuid, string name) =>
        Enriched($$"""{"eid":1,"objectType":"{{type}}","objectUuid":"{{uuid}}"}""").Should().Contain($"\"objectName\":\"{name}\"");

    [Fact]
    public void The_second_in_an_access_of_a_group_is_a_group() =>
        Enriched(
            """{"eid":1,"action":"grant","actorUuid":"ALICE_UUID","objectType":"gva","objectUuid":"vault_uuid","auxUUID":"hd22y2bob6qdpap2ge6d7nn4yy"}""")
            .Should().Contain("\"auxName\":\"Owners\",\"summary\":\"Alice A granted the group Owners access to the vault Payroll\"")
            .And.NotContain("auxEmail");

    [Theory]
    [InlineData("user", "X", "User")]
    [InlineData("gm", "X", "Group")]
    [InlineData("items", "X", "Vault")]
    [InlineData("device", "X", null)]
    [InlineData("dlgdsess", "X", null)]
    [InlineData("account", "X", null)]
    [InlineData("moon", "X", null)]
    public void Only_a_uuid_that_ought_to_have_a_name_is_missed(string type, string uuid, string? kind)
    {
        var unknown = new List<UnknownName>();

        new Enricher(Dialect.Op, Names, Vocabulary.Standard).Enrich(
            Event($$"""{"eid":1,"time":"2026-09-01T00:00:00Z","objectType":"{{type}}","objectUuid":"{{uuid}}"}"""), Streams.Audit, unknown);

        unknown.Should().Equal(
            kind is null
                ? []
                : [new UnknownName(
                    Enum.Parse<NameKind>(kind),
                    uuid,
                    DateTimeOffset.Parse("2026-09-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture))]);
    }

    [Fact]
    public void Whatever_the_event_its_bytes_are_all_there_and_in_place() =>
        Check.One(Seeds.Try(100), Prop.ForAll(Events.ToArbitrary(), bare => Without(Added, Enriched(bare), bare) == bare));

    [Fact]
    public void Whatever_the_event_it_stays_JSON() => Check.One(Seeds.Try(100), Prop.ForAll(Events.ToArbitrary(), bare =>
    {
        using var json = JsonDocument.Parse(Enriched(bare));
    }));

    [Fact]
    public void Explaining_twice_is_explaining_once() =>
        Check.One(Seeds.Try(100), Prop.ForAll(Events.ToArbitrary(), bare => Enriched(Enriched(bare)) == Enriched(bare)));

    // Members of all kinds in all orders, doubled ones, ones that are there already, escapes and half characters.
    static Gen<string> Events
    {
        get
        {
            var text = Gen.Elements(
                "ALICE_UUID", "BOB_UUID", "DAVE_UUID", "ODD_UUID", "NOBODY", "hd22y2bob6qdpap2ge6d7nn4yy", "vault_uuid", "", "A",
                "0,0,2,0,0", "\\ud800", "\\u0041LICE_UUID", "\\\"\\\\\\/", "join", "gm", "patch", "items", "gva", "create", "telepathy",
                "ü\\n")
                .Select(value => $"\"{value}\"");
            var value = Gen.Frequency(
                (6, text),
                (1, Gen.Elements("1", "-1.50e3", "true", "null", "[]", "{}", "[{\"actorUuid\":\"ALICE_UUID\"}]", "{\"summary\":\"}\"}")));
            var name = Gen.Elements(
                "actorUuid", "objectUuid", "auxUUID", "action", "objectType", "auxInfo", "time", "new", "", "action", "\\u0061uxInfo",
                "actorName", "summary", "auxEmail");
            return from members in Gen.ListOf(from n in name from v in value select $"\"{n}\":{v}")
                   from place in Gen.Choose(0, members.Count)
                   select $"{{{string.Join(',', members.Take(place).Append("\"eid\":1").Concat(members.Skip(place)))}}}";
        }
    }

    // What the enriched event has more than the bare one, taken out member by member.
    static string Without(string[] added, string enriched, string bare)
    {
        var (kept, at) = (new StringBuilder("{"), 0);
        var wanted = Members(bare);
        foreach (var (name, text) in Members(enriched))
        {
            if (at < wanted.Count && wanted[at].Text == text)
            {
                kept.Append(at++ > 0 ? "," : "").Append(text);
            }
            else
            {
                added.Should().Contain(name);
            }
        }

        return kept.Append('}').ToString();
    }

    static List<(string Name, string Text)> Members(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes);
        reader.Read();
        var members = new List<(string, string)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (start, name) = ((int)reader.TokenStartIndex, reader.GetString()!);
            reader.Read();
            reader.Skip();
            members.Add((name, Encoding.UTF8.GetString(bytes[start..(int)reader.BytesConsumed])));
        }

        return members;
    }

    static NameList Listed(params NamedEntity[] entities) => NameList.Empty with { Names = entities };

    static ActivityEvent Event(string json) => ActivityEvent.Read(Encoding.UTF8.GetBytes(json), EventIdentity.Op).Event!;

    static string Enriched(string json) =>
        new Enricher(Dialect.Op, Names, Vocabulary.Standard).Enrich(Event(json), Streams.Audit, []).ToString();
}
