using System.Text;
using System.Text.Json;
using OpCollector.Events;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>The reader that checks nothing sees what the one that checks everything sees.</summary>
public sealed class ValidJsonReaderSpecs
{
    [Fact]
    public void Valid_JSON_is_read_as_by_the_reader_of_the_framework()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var (dense, spaced) = RandomJson.Object(seed);

            Seen(dense).Should().Equal(Checked(dense), "seed {0}", seed);
            Seen(spaced).Should().Equal(Checked(spaced), "seed {0} with white space", seed);
        }
    }

    [Fact]
    public void What_is_passed_over_is_passed_over_whole()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var (_, spaced) = RandomJson.Object(seed);
            var json = Encoding.UTF8.GetBytes($"{{\"a\":{spaced},\"b\":[{spaced}],\"c\":[0,{spaced},1]}}");
            var reader = new ValidJsonReader(json);
            var names = new List<string>();
            reader.ReadValue();
            while (reader.ReadName())
            {
                names.Add(Encoding.UTF8.GetString(reader.Value));
                reader.ReadValue();
                reader.Skip();
            }

            names.Should().Equal(["a", "b", "c"], "seed {0}", seed);
            reader.End.Should().Be(json.Length, "seed {0}", seed);
        }
    }

    [Fact]
    public void What_does_not_begin_like_an_object_or_an_array_is_not_passed_over()
    {
        var reader = new ValidJsonReader("""{"a":1,"b":2}"""u8);
        reader.ReadValue();
        reader.ReadName();
        reader.ReadValue();

        reader.Skip();

        reader.ReadName().Should().BeTrue();
        Encoding.UTF8.GetString(reader.Value).Should().Be("b");
    }

    static List<string> Seen(string json)
    {
        var tokens = new List<string>();
        var reader = new ValidJsonReader(Encoding.UTF8.GetBytes(json));
        reader.ReadValue();
        See(ref reader, tokens);
        return tokens;
    }

    static void See(ref ValidJsonReader reader, List<string> tokens)
    {
        tokens.Add(Said(reader));
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.ReadName())
            {
                tokens.Add(Said(reader));
                reader.ReadValue();
                See(ref reader, tokens);
            }

            tokens.Add(Said(reader));
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.ReadItem())
            {
                See(ref reader, tokens);
            }

            tokens.Add(Said(reader));
        }
    }

    static string Said(in ValidJsonReader reader) =>
        $"{reader.TokenType} {Encoding.UTF8.GetString(reader.Value)} {reader.Start}-{reader.End} {reader.IsEscaped}";

    static List<string> Checked(string json)
    {
        var tokens = new List<string>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        while (reader.Read())
        {
            var hasText = HasText(reader.TokenType);
            var start = (int)reader.TokenStartIndex + (hasText ? 1 : 0);
            var end = start + reader.ValueSpan.Length + (hasText ? 1 : 0);
            tokens.Add($"{reader.TokenType} {Encoding.UTF8.GetString(reader.ValueSpan)} {start}-{end} {hasText && reader.ValueIsEscaped}");
        }

        return tokens;
    }

    static bool HasText(JsonTokenType type) => type is JsonTokenType.String or JsonTokenType.PropertyName;
}
