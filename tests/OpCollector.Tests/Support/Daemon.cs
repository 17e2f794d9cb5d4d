using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OpCollector.Sources;

namespace OpCollector.Tests.Support;

/// <summary>Somebody else's server, from a package of the distribution, run for one test on a port or a directory of its own.</summary>
internal sealed class Daemon : IDisposable
{
    readonly Process _process;

    Daemon(Process process) => _process = process;

    /// <summary>Starts it in the foreground and waits until it serves.</summary>
    public static async Task<Daemon> StartAsync(string program, string[] arguments, Func<bool> isReady, string directory = "")
    {
        SkipWithout(program);
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            WorkingDirectory = directory,
        };
        var daemon = new Daemon(Process.Start(start)!);
        daemon._process.OutputDataReceived += (_, _) => { };
        daemon._process.BeginOutputReadLine();
        var complaint = daemon._process.StandardError.ReadToEndAsync();
        await Until.IsAsync(() => isReady() || daemon._process.HasExited, $"{program} serves");
        return daemon._process.HasExited ? throw new InvalidOperationException($"{program} ended: {await complaint}") : daemon;
    }

    public static void SkipWithout(string program) => Assert.SkipUnless(File.Exists(program), $"{program} is not installed");

    /// <summary>A port where nobody listens yet.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static bool Listens(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
