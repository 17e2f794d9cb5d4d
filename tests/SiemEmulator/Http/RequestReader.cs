using System.Globalization;
using System.Text;

namespace SiemEmulator.Http;

/// <summary>Reads the requests of one connection, one after the other, and is strict about their framing.</summary>
internal sealed class RequestReader(Stream stream)
{
    const int LongestLine = 64 * 1024;

    readonly byte[] _buffer = new byte[64 * 1024];
    int _start;
    int _end;

    /// <summary>The next request's head; none when the client is done.</summary>
    public async Task<Head?> HeadAsync(CancellationToken stop)
    {
        if (_start == _end && !await FillAsync(stop))
        {
            return null;
        }

        // Somebody speaks TLS, whose greeting has no line end to wait for.
        if (!char.IsAsciiLetterUpper((char)_buffer[_start]))
        {
            throw new MalformedRequestException("this is not HTTP");
        }

        var text = new StringBuilder();
        while (true)
        {
            var line = await LineAsync(stop);
            if (line.Length == 0)
            {
                return Checked(new Head(text.ToString()));
            }

            text.Append(line).Append("\r\n");
        }
    }

    public async Task<byte[]> BodyAsync(Head head, CancellationToken stop)
    {
        if (head.Header("Transfer-Encoding") is null)
        {
            var length = head.Header("Content-Length") is { } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
            return await BytesAsync(length, stop);
        }

        using var body = new MemoryStream();
        while (true)
        {
            var size = (await LineAsync(stop)).Split(';')[0];
            if (!int.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var length))
            {
                throw new MalformedRequestException($"'{size}' is no chunk size");
            }

            if (length == 0)
            {
                break;
            }

            body.Write(await BytesAsync(length, stop));
            if ((await LineAsync(stop)).Length > 0)
            {
                throw new MalformedRequestException("a chunk is longer than its size");
            }
        }

        while ((await LineAsync(stop)).Length > 0)
        {
            // Trailers mean nothing here.
        }

        return body.ToArray();
    }

    /// <summary>Reads and forgets until the client closes.</summary>
    public async Task DrainAsync(CancellationToken stop)
    {
        while (await FillAsync(stop))
        {
            _start = _end;
        }
    }

    static Head Checked(Head head)
    {
        var line = head.Text.Split("\r\n")[0];
        if (line.Split(' ') is not [_, _, "HTTP/1.1"])
        {
            throw new MalformedRequestException($"'{line}' is no request line of HTTP/1.1");
        }

        // RFC 9112 §3.2: a request without Host, or with two, is answered with 400.
        if (head.All("Host").Count != 1)
        {
            throw new MalformedRequestException("a request has one Host");
        }

        // RFC 9112 §6.1 and §6.3: two framings in one message are an attempt to smuggle.
        var (lengths, codings) = (head.All("Content-Length"), head.All("Transfer-Encoding"));
        if (lengths.Count + codings.Count > 1)
        {
            throw new MalformedRequestException("a body has one framing");
        }

        if (codings.Count == 1 && !codings[0].Equals("chunked", StringComparison.OrdinalIgnoreCase))
        {
            throw new MalformedRequestException($"transfer coding {codings[0]} is not implemented", 501);
        }

        if (lengths.Count == 1 && !int.TryParse(lengths[0], NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw new MalformedRequestException($"'{lengths[0]}' is no length");
        }

        return head.Method == "POST" && lengths.Count + codings.Count == 0
            ? throw new MalformedRequestException("a POST says how long it is", 411)
            : head;
    }

    async Task<string> LineAsync(CancellationToken stop)
    {
        var line = new List<byte>();
        while (true)
        {
            if (_start == _end && !await FillAsync(stop))
            {
                throw new EndOfStreamException("the client went away in the middle of a request");
            }

            var end = Array.IndexOf(_buffer, (byte)'\n', _start, _end - _start);
            line.AddRange(_buffer.AsSpan(_start, (end < 0 ? _end : end) - _start));
            _start = end < 0 ? _end : end + 1;
            if (line.Count > LongestLine)
            {
                throw new MalformedRequestException("a line is too long", 431);
            }

            if (end >= 0)
            {
                return line is [.., (byte)'\r']
                    ? Encoding.Latin1.GetString([.. line], 0, line.Count - 1)
                    : throw new MalformedRequestException("a line ends with CR LF");
            }
        }
    }

    async Task<byte[]> BytesAsync(int length, CancellationToken stop)
    {
        var bytes = new byte[length];
        var have = Math.Min(length, _end - _start);
        Array.Copy(_buffer, _start, bytes, 0, have);
        _start += have;
        await stream.ReadExactlyAsync(bytes.AsMemory(have), stop);
        return bytes;
    }

    async Task<bool> FillAsync(CancellationToken stop)
    {
        _start = 0;
        _end = await stream.ReadAsync(_buffer, stop);
        return _end > 0;
    }
}
