namespace OpCollector.Storage;

/// <summary>The state as a dry run sees it: it reads what real runs have left, and what it writes is gone with it.</summary>
internal sealed class DryState(StateStore kept) : StateStore
{
    readonly Lock _changing = new();

    // Null where the dry run has deleted it.
    readonly Dictionary<string, byte[]?> _written = new(StringComparer.Ordinal);

    public override bool IsKept => false;

    public override string Location => kept.Location;

    public override bool Exists => kept.Exists;

    public override string PathOf(string name) => kept.PathOf(name);

    public override DateTimeOffset? Written(string name) => kept.Written(name);

    public override void Ensure()
    {
        // A dry run makes nothing that stays.
    }

    public override IDisposable? TryHold(string work, TimeSpan patience, TimeProvider time) => kept.TryHold(work, patience, time);

    public override void WriteTogether(Action writes) => writes();

    public override IReadOnlyList<string> Names(string beginning, string ending)
    {
        lock (_changing)
        {
            return
            [
                .. kept.Names(beginning, ending)
                    .Where(name => !_written.ContainsKey(name))
                    .Concat(_written.Where(each => each.Value is not null && IsLike(each.Key, beginning, ending)).Select(each => each.Key))
                    .Order(StringComparer.Ordinal),
            ];
        }
    }

    public override byte[]? Read(string name, int most)
    {
        lock (_changing)
        {
            return _written.TryGetValue(name, out var content) ? content : kept.Read(name, most);
        }
    }

    public override byte[] ReadRecords(string name, int size, int most)
    {
        lock (_changing)
        {
            return _written.TryGetValue(name, out var records) ? records ?? [] : kept.ReadRecords(name, size, most);
        }
    }

    public override void Replace(string name, ReadOnlySpan<byte> content, string? previous = null)
    {
        lock (_changing)
        {
            if (previous is not null)
            {
                _written[previous] = Read(name, Large);
            }

            _written[name] = content.ToArray();
        }
    }

    public override void Append(string name, ReadOnlySpan<byte> records, int size)
    {
        lock (_changing)
        {
            _written[name] = [.. ReadRecords(name, size, Large), .. records];
        }
    }

    public override void Delete(string name)
    {
        lock (_changing)
        {
            _written[name] = null;
        }
    }

    public override void Change(string name, int most, Func<byte[]?, byte[]> change)
    {
        lock (_changing)
        {
            Replace(name, change(ReadIfPossible(name, most)));
        }
    }

    byte[]? ReadIfPossible(string name, int most)
    {
        try
        {
            return Read(name, most);
        }
        catch (Failure)
        {
            return null;
        }
    }

    static bool IsLike(string name, string beginning, string ending) =>
        name.StartsWith(beginning, StringComparison.Ordinal) && name.EndsWith(ending, StringComparison.Ordinal);
}
