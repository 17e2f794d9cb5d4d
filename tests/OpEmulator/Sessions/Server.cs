using System.Buffers.Text;
using OpEmulator.Faults;
using OpEmulator.Scenarios;

namespace OpEmulator.Sessions;

/// <summary>The 1Password service behind op: it alone knows which sessions are alive.</summary>
internal sealed class Server(Stage stage)
{
    const string Session = "session ";

    /// <summary>Ends the call where the server cannot be asked or has been switched off.</summary>
    public void Reach()
    {
        FaultInstead.Play(stage);
        if (stage.Scenario.EndOfLife)
        {
            throw stage.Dialect.Refusal(445, "Deprecated API. Update to the latest version.");
        }
    }

    public string Open()
    {
        using var ledger = Ledger.Open(stage.Home.Ledger);
        if (stage.Scenario.EndOtherSessions)
        {
            ledger.Clear(Session);
        }

        var token = NewToken();
        ledger[Session + token] = 1;
        return token;
    }

    /// <summary>Lets a call in and counts it; a session's number in the ledger is 1 + its calls, or 0 when it has ended.</summary>
    public void Admit(string token)
    {
        using var ledger = Ledger.Open(stage.Home.Ledger);
        var used = ledger[Session + token];
        if (stage.Fault?.Do == FaultKind.Expire || used > (stage.Scenario.SessionLifeCalls ?? long.MaxValue))
        {
            ledger[Session + token] = used = 0;
        }

        if (used == 0)
        {
            throw stage.Dialect.SessionEnded();
        }

        ledger.Add(Session + token, 1);
    }

    public void Close(string token)
    {
        using var ledger = Ledger.Open(stage.Home.Ledger);
        ledger[Session + token] = 0;
    }

    // 32 bytes are 43 characters of base64url, the form op's tokens have.
    static string NewToken()
    {
        Span<byte> bytes = stackalloc byte[32];
        Guid.NewGuid().TryWriteBytes(bytes);
        Guid.NewGuid().TryWriteBytes(bytes[16..]);
        return Base64Url.EncodeToString(bytes);
    }
}
