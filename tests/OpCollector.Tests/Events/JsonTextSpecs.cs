using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>The text of a JSON string, whatever is written in it.</summary>
public sealed class JsonTextSpecs
{
    [Theory]
    [InlineData(@"plain", "plain")]
    [InlineData(@"", "")]
    [InlineData(@"\""\\\/\b\f\n\r\t", "\"\\/\b\f\n\r\t")]
    [InlineData(@"\u0041\u00e5\u00C5", "AåÅ")]
    [InlineData(@"Åke \ud83d\ude00 ﬁn", "Åke 😀 ﬁn")]
    public void Escapes_mean_what_JSON_says(string json, string text) => JsonText.Decode(Encoding.UTF8.GetBytes(json)).Should().Be(text);

    [Theory]
    [InlineData(@"\ud83d", '\ud83d')]
    [InlineData(@"\ude00", '\ude00')]
    public void Half_a_character_stays_half_a_character(string json, char half) =>
        JsonText.Decode(Encoding.UTF8.GetBytes($"<{json}>")).Should().Be($"<{half}>");

    [Theory]
    [InlineData(@"""eid""", true)]
    [InlineData(@"""e\u0069d""", true)]
    [InlineData(@"""\u0065\u0069\u0064""", true)]
    [InlineData(@"""e\ud800id""", false)]
    [InlineData(@"""\udfff""", false)]
    [InlineData(@"""ei""", false)]
    [InlineData(@"""eid\u0000""", false)]
    public void A_name_is_compared_however_it_is_written(string json, bool same)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();

        reader.Is("eid"u8).Should().Be(same);
    }

    [Theory]
    [InlineData("Alice \"A\" \\", "\"Alice \\\"A\\\" \\\\\"")]
    [InlineData("a\u202eb\u009bc\u001bd", "\"a\\u202eb\\u009Bc\\u001Bd\"")]
    [InlineData("田中 🦊", "\"田中 \\uD83E\\uDD8A\"")]
    public void A_text_is_quoted_as_JSON_that_steers_no_terminal(string text, string quoted) =>
        JsonText.Quoted(text).Should().BeEquivalentTo(quoted);

    [Fact]
    public void Half_a_character_is_replaced_where_a_text_is_quoted() => JsonText.Quoted($"a{'\ud800'}b").Should().Be("\"a\uFFFDb\"");

    // Bytes are turned, cut out and put in: most of what comes of it is no JSON, and some of it is odd JSON.
    [Theory]
    [MemberData(nameof(Drawn))]
    public void Whatever_comes_it_is_read_or_it_is_no_JSON(int seed)
    {
        var random = new Random(seed);
        byte[][] wholes =
        [
            """[{"eid":5,"time":"2026-09-01T00:00:00\u005A","a\ud83d\ude00":["\u0000",1e5,{"b":null}]},{"eid":6,"stream":"audit","kind":"finding"}]"""u8.ToArray(),
            """{"cursor":"c\u0041","has_more":true,"items":[{"uuid":"U","timestamp":"2026-09-01T00:00:00Z","actor_details":{"name":"\ud83d\ude00"}}]}"""u8.ToArray(),
        ];
        byte[] odd = [(byte)'"', (byte)'\\', (byte)'u', (byte)'d', (byte)'8', (byte)'[', (byte)'{', (byte)',', 0, 0xff, 0xc3, 0xed];
        for (var round = 0; round < 200; round++)
        {
            var json = wholes[round % wholes.Length].ToList();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(json.Count);
                json[at] = odd[random.Next(odd.Length)];
                json.InsertRange(random.Next(json.Count), random.Next(3) == 0 ? "\\ud800"u8 : []);
                json.RemoveRange(at, random.Next(8) == 0 ? 1 : 0);
            }

            byte[] bytes = [.. json];
            Read(() => OpPage.Parse(bytes));
            Read(() => EventsApiPage.Parse(bytes));
            Read(() => UntaggedEvent.Read(bytes));
            Read(() => SafeJson.Parse(bytes));
            Read(() => NameListJson.Read(bytes));
        }
    }

    public static TheoryData<int> Drawn => [.. Enumerable.Range(1, 20)];

    static void Read(Func<object> read)
    {
        try
        {
            (read() as IDisposable)?.Dispose();
        }
        catch (NoJsonException)
        {
            // So it says.
        }
    }

    [Fact]
    public void Any_text_is_read_as_it_was_written() => Check.One(
        Seeds.Try(500),
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            // A writer would not write half a character.
            var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get));
            return JsonText.Decode(JsonEncodedText.Encode(whole).EncodedUtf8Bytes) == whole;
        }));
}
