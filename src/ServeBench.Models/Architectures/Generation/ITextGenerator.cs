using ServeBench.Models.References.Generation;
using ServeBench.Models.Safetensors;
using ServeBench.Models.Store;

namespace ServeBench.Models.Architectures.Generation;

/// <summary>An architecture that continues a sequence of tokens.</summary>
public interface ITextGenerator : IArchitecture
{
    /// <summary>Its sizes, whatever its checkpoints call them.</summary>
    GeneratorSettings Generator(object settings);

    /// <summary>True where engines that read GGUF files know this architecture.</summary>
    bool HasGguf => false;

    /// <summary>
    /// The same network in double precision by code of its own: no graph, no runtime. What the exported model answers is compared with
    /// what it computes.
    /// </summary>
    internal DecoderReference Reference(object settings, SafetensorsFile weights);

    IWorkPreparation? IArchitecture.Preparation(PreparationPlan plan) => new GenerationPreparation(plan, this);
}
