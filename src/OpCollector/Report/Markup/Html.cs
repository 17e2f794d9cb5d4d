using System.Text;

namespace OpCollector.Report.Markup;

/// <summary>
/// A piece of a page. It is an element, a text, or a row of such pieces: a text becomes one by being escaped, and there is no way around
/// that, so whatever others wrote stays a text.
/// </summary>
internal sealed class Html
{
    public static readonly Html Nothing = new("", [], "");

    // These have no end.
    static readonly Tag[] Void = [Tag.Input, Tag.Meta];

    readonly string _begin;
    readonly IReadOnlyList<Html> _parts;
    readonly string _end;

    Html(string begin, IReadOnlyList<Html> parts, string end) => (_begin, _parts, _end) = (begin, parts, end);

    public static implicit operator Html(string? text) => text is null ? Nothing : new(EscapedText.Escape(text).ToString(), [], "");

    public static Html Element(Tag tag, params IReadOnlyList<Html> parts) => Element(tag, Attributes.None, parts);

    public static Html Element(Tag tag, Attributes attributes, params IReadOnlyList<Html> parts)
    {
        var name = tag.ToString().ToLowerInvariant();
        var begin = new StringBuilder("<").Append(name);
        attributes.WriteTo(begin);
        return new(begin.Append('>').ToString(), parts, Void.Contains(tag) ? "" : $"</{name}>");
    }

    /// <summary>Pieces behind one another.</summary>
    public static Html Join(params IEnumerable<Html> parts) => new("", [.. parts], "");

    /// <summary>A style that is part of the program.</summary>
    public static Html Style(EmbeddedFile style) => new($"<style>{style.Text}</style>", [], "");

    /// <summary>A script that is part of the program.</summary>
    public static Html Script(EmbeddedFile script) => new($"<script>{script.Text}</script>", [], "");

    /// <summary>The whole page as a file.</summary>
    public byte[] ToFile()
    {
        using var file = new MemoryStream();
        using (var text = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
        {
            text.Write("<!DOCTYPE html>\n");
            WriteTo(text);
            text.Write('\n');
        }

        return file.ToArray();
    }

    void WriteTo(TextWriter text)
    {
        text.Write(_begin);
        foreach (var part in _parts)
        {
            part.WriteTo(text);
        }

        text.Write(_end);
    }
}
