using System.Globalization;
using System.Text;

namespace OpCollector.Report.Markup;

/// <summary>
/// What an element says of itself. A link leads to a place in the page and nowhere else, there is no style and no handler of an event, and
/// every value is escaped.
/// </summary>
internal sealed record Attributes
{
    public static readonly Attributes None = new();

    public string? Class { get; init; }

    public Anchor? Id { get; init; }

    public Anchor? LinkTo { get; init; }

    public Anchor? For { get; init; }

    public Anchor? LabelledBy { get; init; }

    public string? Label { get; init; }

    public string? Role { get; init; }

    public string? Title { get; init; }

    public string? Scope { get; init; }

    public string? Type { get; init; }

    public string? Name { get; init; }

    public string? Value { get; init; }

    public string? Content { get; init; }

    public string? Charset { get; init; }

    public string? HttpEquivalent { get; init; }

    public string? Language { get; init; }

    public string? DateTime { get; init; }

    /// <summary>What the script filters by.</summary>
    public string? Level { get; init; }

    public int? TabIndex { get; init; }

    public int? Columns { get; init; }

    public bool IsHidden { get; init; }

    public bool IsChecked { get; init; }

    /// <summary>Whether it says nothing that is not said beside it, so that it need not be read aloud.</summary>
    public bool IsPicture { get; init; }

    /// <summary>Of a drawing: how wide and how high it is in the units that its parts are measured in.</summary>
    public (int Width, int Height)? ViewBox { get; init; }

    /// <summary>Of a part of a drawing.</summary>
    public (double X, double Y, double Width, double Height)? Area { get; init; }

    /// <summary>Of a rectangle that is a part of what is around it, from 0 to 1.</summary>
    public double? Share { get; init; }

    /// <summary>Of a line that is drawn.</summary>
    public string? Outline { get; init; }

    public void WriteTo(StringBuilder tag)
    {
        foreach (var (name, value) in Texts)
        {
            if (value is not null)
            {
                tag.Append(' ').Append(name).Append("=\"").Append(EscapedText.Escape(value).ToString()).Append('"');
            }
        }

        tag.Append(IsHidden ? " hidden" : "").Append(IsChecked ? " checked" : "").Append(IsPicture ? " aria-hidden=\"true\"" : "");
        if (ViewBox is var (width, height))
        {
            tag.Append(CultureInfo.InvariantCulture, $" viewBox=\"0 0 {width} {height}\"");
        }

        if (Area is { } area)
        {
            tag.Append(
                CultureInfo.InvariantCulture,
                $" x=\"{area.X:0.##}\" y=\"{area.Y:0.##}\" width=\"{area.Width:0.##}\" height=\"{area.Height:0.##}\"");
        }

        if (Share is { } share)
        {
            tag.Append(CultureInfo.InvariantCulture, $" width=\"{100 * share:0.#}%\" height=\"100%\"");
        }
    }

    IEnumerable<(string Name, string? Value)> Texts =>
    [
        ("class", Class), ("id", Id?.ToString()), ("href", LinkTo is { } to ? $"#{to}" : null), ("for", For?.ToString()),
        ("aria-labelledby", LabelledBy?.ToString()), ("aria-label", Label), ("role", Role), ("title", Title), ("scope", Scope),
        ("type", Type), ("name", Name), ("value", Value), ("http-equiv", HttpEquivalent), ("content", Content), ("charset", Charset),
        ("lang", Language), ("datetime", DateTime), ("data-level", Level), ("d", Outline),
        ("tabindex", TabIndex?.ToString(CultureInfo.InvariantCulture)), ("colspan", Columns?.ToString(CultureInfo.InvariantCulture)),
    ];
}
