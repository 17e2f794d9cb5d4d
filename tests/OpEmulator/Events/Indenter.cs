using System.Buffers;

namespace OpEmulator.Events;

/// <summary>Sets JSON out over lines by changing only the blanks between its tokens, so that it also survives what is no JSON.</summary>
internal sealed class Indenter(ArrayBufferWriter<byte> text, int depth)
{
    int _depth = depth;
    bool _isInString;
    bool _isEscaped;
    bool _isOpened;

    public void Write(ReadOnlySpan<byte> json)
    {
        NewLine();
        foreach (var value in json)
        {
            if (_isInString)
            {
                Put(value);
                (_isInString, _isEscaped) = (_isEscaped || value != '"', !_isEscaped && value == '\\');
            }
            else if (value is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                WriteToken(value);
            }
        }
    }

    void WriteToken(byte value)
    {
        switch (value)
        {
            case (byte)'}' or (byte)']':
                Close(value);
                return;
            case (byte)'{' or (byte)'[':
                BreakAfterOpening();
                Put(value);
                _depth++;
                _isOpened = true;
                return;
            case (byte)',':
                Put(value);
                NewLine();
                return;
            case (byte)':':
                Put(value);
                Put((byte)' ');
                return;
            default:
                BreakAfterOpening();
                Put(value);
                _isInString = value == '"';
                return;
        }
    }

    // The line is broken only once something follows: an empty object stays {}.
    void BreakAfterOpening()
    {
        if (_isOpened)
        {
            _isOpened = false;
            NewLine();
        }
    }

    void Close(byte bracket)
    {
        _depth = Math.Max(0, _depth - 1);
        if (!_isOpened)
        {
            NewLine();
        }

        _isOpened = false;
        Put(bracket);
    }

    void NewLine()
    {
        Put((byte)'\n');
        for (var i = 0; i < _depth; i++)
        {
            text.Write("  "u8);
        }
    }

    void Put(byte value) => text.Write([value]);
}
