using System.Text;
using System.Text.Json;

namespace OpCollector.Events.Json;

/// <summary>What is known of members by their names, found without making a text of each name.</summary>
internal sealed class MemberTable<T>
{
    const int LongestName = 256;

    // By the length of the name, because it distinguishes most names.
    (byte[] Name, T Value)[][] _byLength = [];

    public MemberTable(params IEnumerable<(string Name, T Value)> members)
    {
        foreach (var (name, value) in members)
        {
            Add(name, value);
        }
    }

    public void Add(string name, T value)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (bytes.Length >= _byLength.Length)
        {
            var longer = new (byte[] Name, T Value)[bytes.Length + 1][];
            Array.Fill(longer, []);
            _byLength.CopyTo(longer, 0);
            _byLength = longer;
        }

        _byLength[bytes.Length] = [.. _byLength[bytes.Length], (bytes, value)];
    }

    public T? Find(string name) => Find(Encoding.UTF8.GetBytes(name));

    /// <summary>What is known of the member whose name a reader is at; the default where nothing is.</summary>
    public T? Find(in ValidJsonReader reader) =>
        !reader.IsEscaped ? Find(reader.Value) : reader.Value.Length <= LongestName ? Find(JsonText.Decode(reader.Value)) : default;

    /// <summary>Finds the member for a reader that checks what it reads.</summary>
    public T? Find(in Utf8JsonReader reader) =>
        !reader.ValueIsEscaped ? Find(reader.ValueSpan)
        : reader.ValueSpan.Length <= LongestName ? Find(JsonText.Decode(reader.ValueSpan))
        : default;

    T? Find(ReadOnlySpan<byte> name)
    {
        if (name.Length < _byLength.Length)
        {
            foreach (var (candidate, value) in _byLength[name.Length])
            {
                if (name.SequenceEqual(candidate))
                {
                    return value;
                }
            }
        }

        return default;
    }
}
