using F23.StringSimilarity;

namespace OpCollector.Messages;

/// <summary>Finds the known word that somebody meant by a misspelt one, so that a complaint can name it.</summary>
internal static class SpellingSuggestion
{
    const int MostEdits = 3;

    // A longer text is not a slip of the pen, and comparing it takes time.
    const int LongestWord = 100;

    static readonly OptimalStringAlignment Edits = new();

    /// <summary>The nearest of the known words; null where none is near.</summary>
    public static string? Find(string written, IEnumerable<string> known) => FindAll(written, known).FirstOrDefault();

    /// <summary>The known words that are near, the nearest first.</summary>
    public static IEnumerable<string> FindAll(string written, IEnumerable<string> known) => written.Length is 0 or > LongestWord
        ? []
        : known
            .Distinct()
            .Where(word => Math.Abs(word.Length - written.Length) <= MostEdits)
            .Select(word => (Word: word, Distance: Edits.Distance(written.ToLowerInvariant(), word.ToLowerInvariant())))
            .Where(each => each.Distance <= Math.Min(MostEdits, Math.Max(1, written.Length / 3)))
            .OrderBy(each => each.Distance)
            .Select(each => each.Word);

    /// <summary>The end of a complaint: a question for the nearest word, or nothing.</summary>
    public static string Question(string written, IEnumerable<string> known) =>
        Find(written, known) is { } near ? $"; did you mean {near}?" : "";

    /// <summary>The end of a complaint: a question for the nearest word, and what is known here.</summary>
    public static string Question(string written, IEnumerable<string> known, string here) =>
        Find(written, known) is { } near ? $"; did you mean {near}? ({here})" : $"; {here}";
}
