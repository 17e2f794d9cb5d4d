using System.Net;
using System.Net.Sockets;

namespace OpCollector.Tests.Support;

/// <summary>
/// The wire between a client and its database, which breaks at a chosen message of the client: before the database hears it, or after, and
/// before its answer comes back.
/// </summary>
internal sealed class CutWire : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly int _to;
    readonly Lock _counting = new();
    readonly List<Socket> _open = [];
    bool _isDead;
    Task _hearing = Task.CompletedTask;

    public CutWire(int to)
    {
        _to = to;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many messages of the client have come.</summary>
    public int Messages { get; private set; }

    /// <summary>The message that does not get through as it should.</summary>
    public Func<ReadOnlyMemory<byte>, int, Cut> Judge { get; set; } = (_, _) => Cut.None;

    /// <summary>Whether nothing goes over it again once it is cut, as when the client's host has died.</summary>
    public bool StaysCut { get; init; }

    /// <summary>Whether a client asks for a commit.</summary>
    public static bool IsCommit(ReadOnlyMemory<byte> message) => message.Span.IndexOf("COMMIT"u8) >= 0;

    /// <summary>Ends when the server has done what it heard last: else it may still be at it when the next run begins.</summary>
    public void Dispose()
    {
        _hearing.Wait();
        _listener.Dispose();
        _open.ForEach(each => each.Dispose());
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                _ = CarryAsync(client);
            }
        }
        catch (Exception ex) when (ex is SocketException or ObjectDisposedException)
        {
            // The wire is gone.
        }
    }

    async Task CarryAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            lock (_counting)
            {
                if (_isDead)
                {
                    return;
                }

                _open.Add(client);
                _open.Add(server);
            }

            await server.ConnectAsync(IPAddress.Loopback, _to);
            await Task.WhenAll(AnswerAsync(server, client), AskAsync(client, server));
        }
        catch (Exception ex) when (ex is SocketException or ObjectDisposedException)
        {
            // It is cut.
        }
        finally
        {
            client.Dispose();
            server.Dispose();
        }
    }

    async Task AskAsync(Socket client, Socket server)
    {
        var block = new byte[1 << 20];
        while (await client.ReceiveAsync(block) is > 0 and var length)
        {
            Cut cut;
            lock (_counting)
            {
                cut = Judge(block.AsMemory(0, length), ++Messages);
            }

            if (cut == Cut.Before)
            {
                Sever(client, server);
                return;
            }

            if (cut == Cut.After)
            {
                // The client hears nothing any more, and the server all of it.
                _hearing = HearAsync(server, block.AsMemory(0, length));
                Sever(client);
                await _hearing;
                return;
            }

            await server.SendAsync(block.AsMemory(0, length));
        }

        server.Shutdown(SocketShutdown.Both);
    }

    static async Task HearAsync(Socket server, ReadOnlyMemory<byte> message)
    {
        try
        {
            await server.SendAsync(message);
            server.Shutdown(SocketShutdown.Send);
            var block = new byte[1 << 10];
            while (await server.ReceiveAsync(block) > 0)
            {
                // Until the server has done it.
            }
        }
        catch (SocketException)
        {
            // It has ended the connection.
        }
    }

    static async Task AnswerAsync(Socket server, Socket client)
    {
        try
        {
            var block = new byte[1 << 20];
            while (await server.ReceiveAsync(block) is > 0 and var length)
            {
                await client.SendAsync(block.AsMemory(0, length));
            }

            client.Shutdown(SocketShutdown.Both);
        }
        catch (Exception ex) when (ex is SocketException or ObjectDisposedException)
        {
            // It is cut.
        }
    }

    void Sever(params Socket[] some)
    {
        lock (_counting)
        {
            _isDead |= StaysCut;
            foreach (var each in some)
            {
                each.Dispose();
            }
        }
    }
}

/// <summary>Where a message is lost.</summary>
internal enum Cut
{
    None,
    Before,
    After,
}
