using System.Text;

namespace ServeBench.OnnxServer.Configuration;

/// <summary>What <c>--help</c> prints.</summary>
internal static class ServerHelp
{
    private const int Column = 28;

    private const int Width = 100;

    public static string Render()
    {
        var text = new StringBuilder("Serves ONNX models over HTTP with dynamic batching.\n\n");
        foreach (var option in ServerOptionList.All)
        {
            text.Append("  ").Append(option.Usage.PadRight(Column - 2));
            if (option.Usage.Length > Column - 3) text.Append('\n').Append(' ', Column);
            AppendWrapped(text, option.Help);
        }
        text.Append("\nOptions may also be set in the environment (").Append(EnvironmentSource.NameOf(ServerOptionList.MaxBatch.Name))
            .Append("=64) or in a JSON file (--config).\nThe command line counts before the environment, and that before the file.\n");
        text
            .Append("\nExample:\n  ServeBench.OnnxServer ")
            .Append(ServerOptionList.Urls.Example)
            .Append(' ')
            .Append(ServerOptionList.Model.Example)
            .Append('\n');
        return text.ToString();
    }

    private static void AppendWrapped(StringBuilder text, string help)
    {
        var at = Column;
        foreach (var word in help.Split(' '))
        {
            if (at > Column && at + word.Length + 1 > Width)
            {
                text.Append('\n').Append(' ', Column);
                at = Column;
            }
            else if (at > Column)
            {
                text.Append(' ');
                at++;
            }
            text.Append(word);
            at += word.Length;
        }
        text.Append('\n');
    }
}
