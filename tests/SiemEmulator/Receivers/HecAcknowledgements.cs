namespace SiemEmulator.Receivers;

/// <summary>
/// The ids given out on each channel. False means "not yet" or "unknown": an id is told true once and then forgotten, and one of
/// another channel is not known (help.splunk.com "About HTTP Event Collector Indexer Acknowledgment").
/// </summary>
internal sealed class HecAcknowledgements
{
    readonly Dictionary<string, long> _next = [];
    readonly Dictionary<(string Channel, long Id), int> _polls = [];

    public long Next(string channel)
    {
        var id = _next.GetValueOrDefault(channel);
        _next[channel] = id + 1;
        _polls[(channel, id)] = 0;
        return id;
    }

    public bool IsIndexed(string channel, long id, int after)
    {
        if (!_polls.TryGetValue((channel, id), out var polls))
        {
            return false;
        }

        _polls[(channel, id)] = polls + 1;
        return polls >= after && _polls.Remove((channel, id));
    }
}
