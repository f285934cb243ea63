using Cake.Frosting;
using ServeBench.Build.Composition;
using ServeBench.Build.Stages;

namespace ServeBench.Build.Tasks;

[TaskName("Models")]
[TaskDescription("Downloads or seeds the models and exports them to ONNX; shows what is there.")]
public sealed class ModelsTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => ModelStage.RunAsync(context);
}
