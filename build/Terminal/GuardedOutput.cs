using System.Text;
using ServeBench.Domain.Faults;
using Spectre.Console;

namespace ServeBench.Build.Terminal;

/// <summary>
/// Standard output or standard error, which may be closed or lead to a full disk. A pipe whose reader has gone is no failure: .NET
/// passes over it.
/// </summary>
/// <param name="console">What Spectre.Console knows of it.</param>
/// <param name="isNeeded">Whether what cannot be written is a failure; where even an error cannot be shown, nobody is left to tell.</param>
public sealed class GuardedOutput(AnsiConsoleOutput console, bool isNeeded) : IAnsiConsoleOutput
{
    /// <summary>A console over a writer; what Spectre.Console does not find out about one that is wrapped is set here.</summary>
    public static IAnsiConsole On(TextWriter writer, bool isNeeded)
    {
        var output = new AnsiConsoleOutput(writer);
        return AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new GuardedOutput(output, isNeeded),
                Ansi = output.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            });
    }

    public TextWriter Writer { get; } = new GuardedWriter(console.Writer, isNeeded);

    public bool IsTerminal => console.IsTerminal;

    public int Width => console.Width;

    public int Height => console.Height;

    public void SetEncoding(Encoding encoding) => console.SetEncoding(encoding);

    private sealed class GuardedWriter(TextWriter inner, bool isNeeded) : TextWriter
    {
        public override Encoding Encoding => inner.Encoding;

        public override void Write(char value) => Try(() => inner.Write(value));

        public override void Write(string? value) => Try(() => inner.Write(value));

        public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

        public override void Flush() => Try(inner.Flush);

        private void Try(Action write)
        {
            try
            {
                write();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                if (isNeeded)
                    throw new RunFailedException(
                        $"Standard output cannot be written: {e.InnerException?.Message ?? e.Message}",
                        "Leave it open, and lead it to where there is room");
            }
        }
    }
}
