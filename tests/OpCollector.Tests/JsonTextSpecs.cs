using System.Text;
using System.Text.Json;
using FluentAssertions;
using FsCheck;
using FsCheck.Fluent;
using OpCollector.Events;
using Xunit;

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

    [Fact]
    public void Any_text_is_read_as_it_was_written() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
        {
            // A writer would not write half a character.
            var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get));
            return JsonText.Decode(JsonEncodedText.Encode(whole).EncodedUtf8Bytes) == whole;
        }));
}
