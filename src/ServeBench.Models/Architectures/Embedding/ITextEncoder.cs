using ServeBench.Models.Safetensors;
using ServeBench.Models.Store;

namespace ServeBench.Models.Architectures;

/// <summary>An architecture that turns a text into an embedding.</summary>
public interface ITextEncoder : IArchitecture
{
    TokenizerSettings Tokenizer(object settings);

    /// <summary>How token vectors become one embedding: <c>mean</c> or <c>cls</c>.</summary>
    string Pooling(object settings);

    /// <summary>Numbers in an embedding.</summary>
    int Dimensions(object settings);

    /// <summary>
    /// The embeddings of some sequences of token ids, computed in double precision by code of its own: no graph, no runtime.
    /// What the exported model answers is compared with these.
    /// </summary>
    IReadOnlyList<double[]> Reference(object settings, SafetensorsFile weights, IReadOnlyList<int[]> sequences);

    IWorkPreparation? IArchitecture.Preparation(PreparationPlan plan) => new TextPreparation(plan, this);

    string? IArchitecture.Derive(string file, Func<string, string?> published) => DerivedFiles.Find(file, published);
}
