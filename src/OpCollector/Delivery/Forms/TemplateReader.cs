using System.Text;
using System.Text.Json;
using OpCollector.Configuration;

namespace OpCollector.Delivery.Forms;

/// <summary>Reads a template from the configuration, and complains of a placeholder that there is not.</summary>
internal sealed class TemplateReader
{
    readonly List<TemplatePiece> _pieces = [];
    readonly StringBuilder _constant = new();

    /// <exception cref="Failure">
    /// It holds a placeholder that there is not, or half of one, or an object that may come to have a member twice (78).
    /// </exception>
    public static Template Read(ConfigurationMember template)
    {
        var reader = new TemplateReader();
        var isItem = template.IsText && template.Json is "\"{event}\"";
        reader.ReadValue(template);
        reader.Fill(null, isAlone: false);
        return new Template(template.Json, template.Kind == JsonTokenType.StartObject || isItem) { Pieces = reader._pieces };
    }

    void ReadValue(ConfigurationMember value)
    {
        switch (value.Kind)
        {
            case JsonTokenType.StartObject:
                ReadMembers(value);
                break;
            case JsonTokenType.StartArray:
                ReadItems(value);
                break;
            case JsonTokenType.String when value.Text is ['{', not '{', ..] && IndexOfEnd(value, value.Text, 0) == value.Text.Length - 1:
                Fill(Called(value, value.Text[1..^1]), isAlone: true);
                break;
            case JsonTokenType.String:
                ReadText(value, value.Text);
                break;
            default:
                _constant.Append(value.Json);
                break;
        }
    }

    void ReadMembers(ConfigurationMember value)
    {
        var before = "{";
        var names = new List<(TemplateName Name, ConfigurationMember Member)>();
        foreach (var member in value.Members.Values)
        {
            _constant.Append(before);
            var name = ReadText(member, member.Name);
            if (names.Find(each => each.Name.MayEqual(name)).Member is { } twin)
            {
                throw member.Wrong($"may become the same name as \"{twin.Name}\"; let one of them begin or end with another text");
            }

            names.Add((name, member));
            _constant.Append(':');
            ReadValue(member);
            before = ",";
        }

        _constant.Append(value.Members.Count == 0 ? "{}" : "}");
    }

    void ReadItems(ConfigurationMember value)
    {
        _constant.Append('[');
        foreach (var (at, item) in value.Items.Index())
        {
            _constant.Append(at == 0 ? "" : ",");
            ReadValue(item);
        }

        _constant.Append(']');
    }

    TemplateName ReadText(ConfigurationMember place, string text)
    {
        _constant.Append('"');
        var written = new StringBuilder();
        var constants = new List<string>();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '{')
            {
                written.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '{')
            {
                written.Append(text[at++]);
            }
            else
            {
                var end = IndexOfEnd(place, text, at);
                constants.Add(Append(written));
                Fill(Called(place, text[(at + 1)..end]), isAlone: false);
                at = end;
            }
        }

        constants.Add(Append(written));
        _constant.Append('"');
        return new TemplateName(constants);
    }

    string Append(StringBuilder written)
    {
        var text = written.ToString();
        _constant.Append(JsonText.Quoted(text).AsSpan()[1..^1]);
        written.Clear();
        return text;
    }

    void Fill(Placeholder? filled, bool isAlone)
    {
        _pieces.Add(new TemplatePiece(Encoding.UTF8.GetBytes(_constant.ToString()), filled, isAlone));
        _constant.Clear();
    }

    static int IndexOfEnd(ConfigurationMember place, string text, int from) =>
        text.IndexOf('}', from) is >= 0 and var end ? end : throw place.Wrong("has a { without a }; write {{ for a brace");

    static Placeholder Called(ConfigurationMember place, string name) => Placeholder.Called(name)
        ?? throw place.Wrong($"there is no placeholder {{{name}}}; there are {Placeholder.Names}, and {{{{ is a brace");
}
