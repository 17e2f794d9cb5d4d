using System.Globalization;

namespace OpCollector.Messages;

/// <summary>A number of things as a person reads it: <c>1 event</c>, <c>1,200 events</c>, <c>2 batches</c>.</summary>
internal static class Quantity
{
    public static string Format(long number, string thing)
    {
        var ending = number == 1 ? "" : thing.EndsWith("ch", StringComparison.Ordinal) ? "es" : "s";
        return string.Create(CultureInfo.InvariantCulture, $"{number:N0} {thing}{ending}");
    }
}
