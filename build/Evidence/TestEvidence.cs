using ServeBench.Build.Composition;
using ServeBench.Domain.Faults;
using ServeBench.Processes.Commands;

namespace ServeBench.Build.Evidence;

/// <summary>
/// Evidence that needs what only tests have: changed files of every format, packages that nothing of ours uses. It is shown by a test
/// class, which is run for longer than among the tests, or is not among them at all; its lines are printed as they come.
/// </summary>
/// <param name="Project">The test project.</param>
/// <param name="Class">The test class, or a pattern of several.</param>
internal sealed record TestEvidence(string Project, string Class)
{
    /// <summary>What makes it longer.</summary>
    public Dictionary<string, string> Variables { get; init; } = [];

    /// <summary>True for a class that runs in no lane.</summary>
    public bool IsExplicit { get; init; }

    /// <summary>The arguments of the test program.</summary>
    public IReadOnlyList<string> Arguments =>
        [
            "--filter-class", Class, "--show-live-output", "on", "--no-ansi", "--progress", "off",
            .. IsExplicit ? (string[])["--explicit", "only"] : [],
        ];

    /// <exception cref="RunFailedException">when a test fails.</exception>
    public async Task TellAsync(BuildContext context)
    {
        var root = context.Services.Paths.Root;
        using (context.Services.Observer.Begin($"Building {Project}"))
        {
            var build = new CommandSpec("dotnet", "build", Path.Combine("tests", Project), "-c", "Release", "-v", "quiet", "-nologo")
            {
                WorkingDirectory = root,
                Remedy = "Mend what the compiler says",
            };
            await context.Services.Commands.RunAsync(build, cancellationToken: context.Cancelled);
        }
        foreach (var (name, value) in Variables) context.Screen.Say($"{name}={value}");
        var tests = new CommandSpec(context.Services.Paths.Program(Project), Arguments)
        {
            WorkingDirectory = root,
            Environment = Variables,
            Remedy = "What failed is said above; the seed in it makes the same again",
        };
        var one = new Lock();
        void Say(string line)
        {
            lock (one) context.Screen.Say(line);
        }
        await context.Services.Commands.RunAsync(tests, Say, context.Cancelled);
    }
}
