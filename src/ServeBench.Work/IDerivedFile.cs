using ServeBench.Domain.Models;

namespace ServeBench.Work;

/// <summary>
/// A file of checkpoints as other servers read them, which can be derived of a prepared model: <c>made:</c> in the
/// <c>model-repository:</c> of a stack.yaml. Found by reflection; several classes may make files of one name, each of its own kind of
/// model.
/// </summary>
public interface IDerivedFile
{
    /// <summary>Unique among all.</summary>
    string Id { get; }

    /// <summary>The file's name, as published checkpoints have it.</summary>
    string Name { get; }

    /// <returns>The file's bytes; null for a model of another kind.</returns>
    /// <exception cref="Domain.Faults.RunFailedException">when a model of its kind does not hold what the file needs.</exception>
    byte[]? Of(ModelArtifact model);
}
