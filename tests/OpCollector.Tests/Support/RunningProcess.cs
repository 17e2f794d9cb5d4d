using System.Diagnostics;
using OpCollector.Sources;

namespace OpCollector.Tests.Support;

/// <summary>A run of the program that is still at work.</summary>
internal sealed class RunningProcess : IDisposable
{
    // Every wait in the tests ends: a run that hangs is a failed test, not a hanging suite. But a run that is only slow ends by its own
    // limits, and tells more.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    readonly Process _process;
    readonly Task<string> _stdout;
    readonly Task<string> _stderr;

    public RunningProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _stdout = _process.StandardOutput.ReadToEndAsync();
        _stderr = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public async Task<FinishedRun> ToEndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            return new FinishedRun(_process.ExitCode, await _stdout.WaitAsync(patience.Token), await _stderr.WaitAsync(patience.Token));
        }
        catch (OperationCanceledException) when (_process.HasExited)
        {
            throw new TimeoutException($"The run ended with {_process.ExitCode}, and another process holds its output open after {Patience}");
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The run did not end within {Patience}: {await _stderr}");
        }
    }

    /// <summary>Ends it at once, as a power cut or the kernel's memory killer would; op is left behind.</summary>
    public async Task<FinishedRun> KillAsync()
    {
        _process.Kill();
        return await ToEndAsync();
    }

    /// <summary>Sends a signal: TERM, INT or HUP.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("/bin/kill", ["-s", name, $"{Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
