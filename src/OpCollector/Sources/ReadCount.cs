using System.Globalization;

namespace OpCollector.Sources;

/// <summary>Counts what a run has read of the source, delivered or not, for the progress before the first delivery.</summary>
internal sealed class ReadCount
{
    readonly Lock _adding = new();
    int _pages;
    long _events;
    DateTimeOffset? _at;

    /// <summary>The same in words.</summary>
    public string Text
    {
        get
        {
            lock (_adding)
            {
                var at = _at is null ? "" : string.Create(CultureInfo.InvariantCulture, $", at {_at.Value.UtcDateTime:yyyy-MM-dd HH:mm}");
                return _pages == 0
                    ? "waiting for 1Password"
                    : $"reading: {Quantity.Format(_pages, "page")}, {Quantity.Format(_events, "event")}{at}";
            }
        }
    }

    /// <summary>One more page.</summary>
    /// <param name="at">When one of its events happened; null where it has none.</param>
    public void Add(int events, DateTimeOffset? at)
    {
        lock (_adding)
        {
            (_pages, _events, _at) = (_pages + 1, _events + events, at ?? _at);
        }
    }
}
