using System.Globalization;
using System.Runtime.InteropServices;
using OpCollector.Storage;

namespace OpCollector.Sources.EventsApi;

/// <summary>The files that keep which events of a stream were delivered: one for each day on which events happened.</summary>
internal sealed class SeenFiles(StateStore state, string stream)
{
    const string DayFormat = "yyyy-MM-dd";
    const string Ending = ".bin";

    readonly string _beginning = $"seen-{stream}-";

    /// <summary>The days that have a file.</summary>
    public IEnumerable<DateOnly> Days => state.Names(_beginning, Ending).Select(DayIn).OfType<DateOnly>();

    /// <summary>How many ids each day has, where an earlier version wrote the checkpoint, which does not say it.</summary>
    public IReadOnlyDictionary<DateOnly, int> Count() => Days.ToDictionary(day => day, day => Read(day).Length);

    public ReadOnlySpan<SeenId> Read(DateOnly day) =>
        MemoryMarshal.Cast<byte, SeenId>(state.ReadRecords(NameOf(day), SeenId.Size, StateStore.Large));

    public void Append(DateOnly day, ReadOnlySpan<SeenId> ids) => state.Append(NameOf(day), MemoryMarshal.AsBytes(ids), SeenId.Size);

    public void Replace(DateOnly day, ReadOnlySpan<SeenId> ids) => state.Replace(NameOf(day), MemoryMarshal.AsBytes(ids));

    public void Delete(DateOnly day) => state.Delete(NameOf(day));

    /// <summary>Deletes all of them: the stream begins anew.</summary>
    public void DeleteAll()
    {
        foreach (var day in Days)
        {
            Delete(day);
        }
    }

    string NameOf(DateOnly day) => $"{_beginning}{day.ToString(DayFormat, CultureInfo.InvariantCulture)}{Ending}";

    DateOnly? DayIn(string name) => DateOnly.TryParseExact(
        name[_beginning.Length..^Ending.Length], DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day
        : null;
}
