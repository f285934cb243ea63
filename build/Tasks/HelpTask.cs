using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Terminal;

namespace ServeBench.Build.Tasks;

[TaskName("Help")]
[TaskDescription("Says what this program can do: tasks, options, exit codes.")]
[WithoutCatalogue]
public sealed class HelpTask : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context) => context.Screen.Say(HelpText.Whole());
}
