using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace OpCollector.Events.Json;

/// <summary>
/// Reads JSON that has been checked before, as all of an event has, member by member. It does not check it once more, which makes
/// it about twice as fast as <see cref="Utf8JsonReader"/>; what it makes of anything else is undefined.
/// </summary>
internal ref struct ValidJsonReader(ReadOnlySpan<byte> json)
{
    readonly ReadOnlySpan<byte> _json = json;

    /// <summary>What was read last: a name, a value, or the end of an object or an array.</summary>
    public JsonTokenType TokenType { get; private set; }

    /// <summary>Where it begins; a string and a name behind their quotes.</summary>
    public int Start { get; private set; }

    /// <summary>How many bytes it has; of a string and a name those between the quotes.</summary>
    public int Length { get; private set; }

    /// <summary>What is behind it.</summary>
    public int End { get; private set; }

    /// <summary>Whether it is a string or a name and written with escapes.</summary>
    public bool IsEscaped { get; private set; }

    public readonly ReadOnlySpan<byte> Value => _json.Slice(Start, Length);

    /// <summary>Inside an object: reads the name of the next member; false at the end of the object.</summary>
    public bool ReadName()
    {
        if (!IsNext((byte)'}'))
        {
            ReadString(JsonTokenType.PropertyName);
            return true;
        }

        Advance(JsonTokenType.EndObject, 1);
        return false;
    }

    /// <summary>Inside an array: reads the next item; false at the end of the array.</summary>
    public bool ReadItem()
    {
        if (!IsNext((byte)']'))
        {
            ReadValue();
            return true;
        }

        Advance(JsonTokenType.EndArray, 1);
        return false;
    }

    /// <summary>Reads a value; of an object and an array the beginning.</summary>
    public void ReadValue()
    {
        SkipSpace();
        if (_json[End] == (byte)':')
        {
            End++;
            SkipSpace();
        }

        switch (_json[End])
        {
            case (byte)'"':
                ReadString(JsonTokenType.String);
                break;
            case (byte)'{':
                Advance(JsonTokenType.StartObject, 1);
                break;
            case (byte)'[':
                Advance(JsonTokenType.StartArray, 1);
                break;
            case (byte)'t':
                Advance(JsonTokenType.True, 4);
                break;
            case (byte)'f':
                Advance(JsonTokenType.False, 5);
                break;
            case (byte)'n':
                Advance(JsonTokenType.Null, 4);
                break;
            default:
                ReadNumber();
                break;
        }
    }

    /// <summary>At the beginning of an object or an array, goes to its end; stays where it is at anything else.</summary>
    public void Skip()
    {
        if (TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return;
        }

        var type = TokenType == JsonTokenType.StartObject ? JsonTokenType.EndObject : JsonTokenType.EndArray;
        for (var depth = 1; depth > 0;)
        {
            switch (_json[End])
            {
                case (byte)'"':
                    ReadString(JsonTokenType.String);
                    continue;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']':
                    depth--;
                    break;
            }

            End++;
        }

        End--;
        Advance(type, 1);
    }

    bool IsNext(byte end)
    {
        SkipSpace();
        if (_json[End] == (byte)',')
        {
            End++;
            SkipSpace();
        }

        return _json[End] == end;
    }

    void Advance(JsonTokenType type, int length)
    {
        (TokenType, Start, Length, IsEscaped) = (type, End, length, false);
        End += length;
    }

    void ReadString(JsonTokenType type)
    {
        var start = End + 1;
        var quote = QuoteOrEscape(start);
        IsEscaped = _json[quote] == (byte)'\\';
        while (_json[quote] == (byte)'\\')
        {
            quote = QuoteOrEscape(quote + 2);
        }

        (TokenType, Start, Length, End) = (type, start, quote - start, quote + 1);
    }

    // Most strings are so short that calling a search takes longer than searching.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly int QuoteOrEscape(int at)
    {
        for (; at <= _json.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var bytes = Vector128.Create(_json[at..]);
            var found = (Vector128.Equals(
                bytes, Vector128.Create((byte)'"')) | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))).ExtractMostSignificantBits();
            if (found != 0)
            {
                return at + BitOperations.TrailingZeroCount(found);
            }
        }

        while (_json[at] is not ((byte)'"' or (byte)'\\'))
        {
            at++;
        }

        return at;
    }

    void ReadNumber()
    {
        var end = End + 1;
        while (end < _json.Length && _json[end] is > (byte)' ' and not ((byte)',' or (byte)'}' or (byte)']'))
        {
            end++;
        }

        Advance(JsonTokenType.Number, end - End);
    }

    // Several times for each token: a call would take longer than what it does.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void SkipSpace()
    {
        while (_json[End] <= (byte)' ')
        {
            End++;
        }
    }
}
