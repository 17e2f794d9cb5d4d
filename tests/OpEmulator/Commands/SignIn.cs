using OpEmulator.Sessions;
using OpEmulator.Streams;

namespace OpEmulator.Commands;

/// <summary><c>op signin</c>: a password, perhaps a code, and a session for it.</summary>
internal sealed class SignIn(Stage stage)
{
    string KnownAccount => $"known {stage.Scenario.Account}";

    public Answer Run()
    {
        var isFirst = RequireAccount();
        var password = ReadPassword();
        var server = new Server(stage);
        server.Reach();
        if (password != stage.Scenario.Password)
        {
            throw stage.Dialect.WrongPassword();
        }

        RequireCode();
        var token = server.Open();
        if (!stage.Scenario.SessionNotStored)
        {
            new SessionFiles(stage).Store(token);
        }

        if (isFirst)
        {
            RememberAccount();
        }

        return Answer.Of(Print(token));
    }

    bool RequireAccount()
    {
        var operands = stage.CommandLine.Operands;
        if (operands.Count == 2)
        {
            throw stage.Dialect.Failure("Missing argument: secret key");
        }

        var isFirst = operands.Count > 2;
        var name = operands is [var given, ..] ? isFirst ? ShorthandOf(given) : given : stage.Scenario.Account;
        return name == stage.Scenario.Account && (isFirst || IsKnown())
            ? isFirst
            : throw stage.Dialect.NotKnown(name, stage.Scenario);
    }

    string ShorthandOf(string address)
    {
        var host = address.StartsWith("https://", StringComparison.Ordinal) ? address["https://".Length..] : address;
        return stage.CommandLine.Value("shorthand") ?? host.Split('.')[0].Replace('-', '_');
    }

    bool IsKnown()
    {
        if (stage.Scenario.Known)
        {
            return true;
        }

        using var ledger = Ledger.Open(stage.Home.Ledger);
        return ledger[KnownAccount] > 0;
    }

    void RememberAccount()
    {
        using var ledger = Ledger.Open(stage.Home.Ledger);
        ledger[KnownAccount] = 1;
    }

    string ReadPassword()
    {
        if (stage.Dialect.PasswordOperand(stage.CommandLine) is { } operand)
        {
            return operand;
        }

        var line = stage.Input.Kind == StandardInputKind.Pipe ? stage.Input.ReadLine() : null;
        return string.IsNullOrEmpty(line) ? throw NoTerminal() : line;
    }

    // Without a password on a pipe op asks the terminal, and there is none: prompt and error stand on one line.
    OpFailure NoTerminal()
    {
        var cause = stage.Input.Kind == StandardInputKind.Closed ? "bad file descriptor" : "inappropriate ioctl for device";
        var failure = stage.Dialect.Failure(cause).Answer;
        return new OpFailure(failure with { Errors = stage.Dialect.PasswordPrompt(stage.Scenario) + failure.Errors });
    }

    void RequireCode()
    {
        if (stage.Scenario.TotpSecret is not { } secret)
        {
            return;
        }

        Thread.Sleep(stage.Scenario.TotpPromptDelay);
        stage.Input.DiscardPending();
        StandardOutput.Complain(stage.Dialect.CodePrompt);
        var code = stage.Input.ReadLine() ?? "";
        if (code.Length != OneTimePassword.Length)
        {
            throw stage.Dialect.Failure("Incorrect One-Time Password length. Expected 6.");
        }

        using var ledger = Ledger.Open(stage.Home.Ledger);
        if (!OneTimePassword.Accept(secret, code, ledger))
        {
            throw stage.Dialect.WrongPassword();
        }
    }

    string Print(string token)
    {
        if (stage.Dialect.WantsBareToken(stage.CommandLine))
        {
            return token + "\n";
        }

        var account = stage.Scenario.Account;
        return $"""
            export OP_SESSION_{account}="{token}"
            # This command is meant to be used with your shell's eval function.
            # Run 'eval $(op signin {account})' to sign in to your 1Password account.
            # Use the {stage.Dialect.BareTokenFlag} flag to only output the session token.

            """;
    }
}
