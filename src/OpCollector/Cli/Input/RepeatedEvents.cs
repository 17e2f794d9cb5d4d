using System.IO.Hashing;
using System.Text;

namespace OpCollector.Cli.Input;

/// <summary>Recognises an event that was delivered twice, so that it counts once; of a very long history, the last million.</summary>
internal sealed class RepeatedEvents
{
    const int Most = 1_000_000;

    readonly HashSet<ulong> _seen = [];

    /// <param name="id">What has none is always new.</param>
    public bool IsNew(string? id)
    {
        if (string.IsNullOrEmpty(id))
        {
            return true;
        }

        if (_seen.Count == Most)
        {
            _seen.Clear();
        }

        return _seen.Add(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(id)));
    }
}
