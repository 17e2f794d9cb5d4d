using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpCollector.Events;
using OpCollector.Sources;

namespace OpCollector.Detection.Sigma.Matching;

/// <summary>
/// An event as rules see it: the places in its bytes of the fields that some rule asks for, found in one pass. One view
/// serves one event after the other, so that looking costs no memory.
/// </summary>
internal sealed class EventView(FieldTable fields)
{
    // Deeper than any event that anybody has seen, and far from the end of the stack.
    const int DeepestArray = 64;

    // Far more than any event has, and a bound for what an event of numbers alone would take.
    const int MostValues = 100_000;

    // The most of a text that goes into a summary or is compared as a whole; no name is longer.
    const int LongestSaid = 8 * 1024;

    int[] _first = [];
    int[] _last = [];
    FieldValue[] _values = new FieldValue[64];
    int _count;
    readonly FoldedTexts _folded = new();
    char[] _text = new char[256];
    ReadOnlyMemory<byte> _bytes;

    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Looks at another event.</summary>
    /// <param name="json">A whole JSON object.</param>
    public void Read(ReadOnlyMemory<byte> json)
    {
        _bytes = json;
        _count = 0;
        if (_first.Length < fields.Count)
        {
            (_first, _last) = (new int[fields.Count], new int[fields.Count]);
        }

        _first.AsSpan().Fill(-1);
        var reader = new ValidJsonReader(json.Span);
        reader.ReadValue();
        ReadMembers(ref reader, fields.Root, depth: 0);
        foreach (var (slot, detail) in fields.Details)
        {
            if (_first[slot] < 0)
            {
                _first[slot] = _first[detail];
            }
        }
    }

    /// <summary>The first value of a field; -1 when the event does not have the field.</summary>
    public int First(int slot) => _first[slot];

    public ref readonly FieldValue this[int value] => ref _values[value];

    /// <summary>A value's bytes; of a string without the quotes, escapes as they are.</summary>
    public ReadOnlySpan<byte> Raw(in FieldValue value) => _bytes.Span.Slice(value.Start, value.Length);

    /// <summary>A value as text, good until the next call; numbers and booleans as JSON spells them.</summary>
    public ReadOnlySpan<char> Text(in FieldValue value)
    {
        if (_text.Length < value.Length)
        {
            _text = new char[Math.Max(value.Length, Math.Min(2 * _text.Length, LongestSaid))];
        }

        var raw = Raw(value);
        return _text.AsSpan(0, value.IsEscaped ? JsonText.Decode(raw, _text) : Encoding.UTF8.GetChars(raw, _text));
    }

    /// <summary>
    /// The first value of a field that says something, as text, and of a very long one its beginning; null where there is none.
    /// </summary>
    public string? FirstText(int slot)
    {
        var at = FirstScalar(slot);
        if (at < 0)
        {
            return null;
        }

        var raw = Raw(_values[at]);
        var beginning = JsonText.Beginning(raw, LongestSaid);
        var text = _values[at].IsEscaped ? JsonText.Decode(beginning) : Encoding.UTF8.GetString(beginning);
        return beginning.Length == raw.Length ? text : text + "…";
    }

    /// <summary>
    /// The same in upper case, to be compared with others; of a very long one the rest is compared as the event spells it.
    /// </summary>
    public string? FirstTextFolded(int slot)
    {
        var at = FirstScalar(slot);
        if (at < 0)
        {
            return null;
        }

        var raw = Raw(_values[at]);
        return raw.Length > LongestSaid
            ? FirstText(slot)!.ToUpperInvariant() +
                Convert.ToHexStringLower(SHA256.HashData(raw[JsonText.Beginning(raw, LongestSaid).Length..]))
            : _values[at].IsEscaped || !Ascii.IsValid(raw) ? FirstText(slot)?.ToUpperInvariant()
            : _folded.Fold(raw);
    }

    int FirstScalar(int slot)
    {
        var at = _first[slot];
        while (at >= 0 && !(_values[at].IsScalar && _values[at].Length > 0))
        {
            at = _values[at].Next;
        }

        return at;
    }

    void ReadMembers(ref ValidJsonReader reader, FieldNode node, int depth)
    {
        var (seen, from) = (0UL, _count);
        while (reader.ReadName())
        {
            var child = node.Find(reader);
            reader.ReadValue();
            if (child is null)
            {
                reader.Skip();
                continue;
            }

            var bit = child.Ordinal < 64 ? 1UL << child.Ordinal : 0;
            if (bit == 0 || (seen & bit) != 0)
            {
                // Of a doubled member the last one counts, as with most readers of JSON.
                Forget(child, from);
            }

            seen |= bit;
            ReadValue(ref reader, child, depth);
        }
    }

    void ReadValue(ref ValidJsonReader reader, FieldNode node, int depth)
    {
        if (depth > DeepestArray)
        {
            reader.Skip();
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            var isEmpty = true;
            while (reader.ReadItem())
            {
                isEmpty = false;
                ReadValue(ref reader, node, depth + 1);
            }

            if (isEmpty)
            {
                Add(node.Slot, new FieldValue(JsonTokenType.EndArray, 0, 0, false, -1));
            }
        }
        else
        {
            Add(node.Slot, new FieldValue(reader.TokenType, reader.Start, reader.Length, reader.IsEscaped, -1));
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return;
            }

            if (node.Children.Count > 0)
            {
                ReadMembers(ref reader, node, depth + 1);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    void Add(int slot, FieldValue value)
    {
        if (slot < 0 || _count == MostValues)
        {
            return;
        }

        if (_count == _values.Length)
        {
            Array.Resize(ref _values, 2 * _count);
        }

        if (_first[slot] < 0)
        {
            _first[slot] = _count;
        }
        else
        {
            _values[_last[slot]].Next = _count;
        }

        _last[slot] = _count;
        _values[_count++] = value;
    }

    void Forget(FieldNode node, int from)
    {
        if (node.Slot >= 0 && _first[node.Slot] >= 0)
        {
            if (_first[node.Slot] >= from)
            {
                _first[node.Slot] = -1;
            }
            else
            {
                var last = _first[node.Slot];
                while (_values[last].Next >= 0 && _values[last].Next < from)
                {
                    last = _values[last].Next;
                }

                _values[last].Next = -1;
                _last[node.Slot] = last;
            }
        }

        foreach (var child in node.Children)
        {
            Forget(child, from);
        }
    }
}
