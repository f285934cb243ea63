using System.Text;
using ServeBench.Build.Options;
using ServeBench.Build.Tasks;
using ServeBench.Domain.Faults;

namespace ServeBench.Build.Terminal;

/// <summary>What <c>--help</c> says.</summary>
public static class HelpText
{
    private static readonly (string Command, string What)[] Examples =
    [
        ("./build.sh --target=Benchmark", "the whole benchmark, of every group; --group=NAMES for some"),
        ("./build.sh --target=Benchmark --profile=smoke", "the same in a minute, to see that everything works"),
        ("./build.sh --target=Benchmark --stack=onnxruntime-dotnet", "one stack; what is stored is not measured again"),
        (
            "./build.sh --target=Benchmark --endpoint=mine=https://models.example.org --protocol=open-inference-grpc "
                + "--endpoint-bearer=mine=MY_TOKEN --yes",
            "a server that runs already; MY_TOKEN is the variable that holds its token"),
        ("./build.sh --target=Report --run=latest", "render the latest report again"),
        (
            "./build.sh --target=Compare --baseline=reports/release/results.json --fail-on=regression",
            "what became of every stack since then; for CI"),
        ("./build.sh --target=List", "what there is to benchmark"),
        ("./build.sh --target=Doctor", "what can run here, and what is missing"),
        ("./build.sh --target=Test", "run the tests"),
    ];

    private static readonly (int Code, string Meaning)[] Codes =
    [
        (ExitCodes.Success, "everything that was asked for was done"),
        (ExitCodes.Failed, "a step failed; the error says which and what to try; finished trials are kept"),
        (ExitCodes.Usage, "the command line or a catalogue file is wrong; nothing was started"),
        (
            ExitCodes.Invalid,
            "the run finished, but some cases are INVALID or a stack could not be measured; the report says which; "
                + "Compare: only with --fail-on=invalid"),
        (ExitCodes.Regression, "Compare found a regression, and --fail-on=regression was given"),
        (ExitCodes.Interrupted, "interrupted; finished trials are kept, the same command goes on from there"),
    ];

    public static string Whole()
    {
        var text = new StringBuilder("ServeBench: which serving stack should run your model, on your hardware?").AppendLine().AppendLine();
        text.AppendLine("Examples");
        foreach (var (command, what) in Examples) text.Append("  ").AppendLine(command).Append("      ").AppendLine(what);
        text.AppendLine().AppendLine("Tasks (--target=)");
        foreach (var task in TaskCatalogue.All) text.AppendLine($"  {task.Name,-12}{task.Description}");
        text.AppendLine().AppendLine("Options");
        foreach (var option in KnownOptions.All)
        {
            text.Append("  ").AppendLine(string.Join(", ", [option.Usage, .. option.Aliases]));
            text.Append("      ").AppendLine(option.Help);
            if (!option.IsSwitch) text.Append("      Example: ").AppendLine(option.Example);
        }
        text.AppendLine().AppendLine("Exit codes");
        foreach (var (code, meaning) in Codes) text.AppendLine($"  {code,-5}{meaning}");
        return text.ToString().TrimEnd();
    }
}
