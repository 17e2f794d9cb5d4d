namespace OpCollector.Delivery.Forms;

/// <summary>The name of a member in a template: what its placeholders leave open of it. Pure.</summary>
/// <param name="Constants">The text before, between and behind its placeholders: one where it has none.</param>
internal sealed record TemplateName(IReadOnlyList<string> Constants)
{
    bool IsConstant => Constants.Count == 1;

    string Start => Constants[0];

    string End => Constants[^1];

    /// <summary>Whether both may become the same text. It knows nothing of what fills a placeholder.</summary>
    public bool MayEqual(TemplateName other) => (IsConstant, other.IsConstant) switch
    {
        (true, true) => Start == other.Start,
        (true, false) => other.MayBecome(Start),
        (false, true) => MayBecome(other.Start),
        _ => BeginsLike(Start, other.Start) && EndsLike(End, other.End),
    };

    bool MayBecome(string text) =>
        text.Length >= Start.Length + End.Length
        && text.StartsWith(Start, StringComparison.Ordinal)
        && text.EndsWith(End, StringComparison.Ordinal);

    static bool BeginsLike(string one, string other) =>
        one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);

    static bool EndsLike(string one, string other) =>
        one.EndsWith(other, StringComparison.Ordinal) || other.EndsWith(one, StringComparison.Ordinal);
}
