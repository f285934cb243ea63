using ServeBench.Domain.Models;
using ServeBench.Models.References;
using ServeBench.Models.Store;

namespace ServeBench.Models.Tests.Support;

/// <summary>The reference answers of a prepared model, as its manifest has them.</summary>
internal static class PreparedReferences
{
    extension(ModelArtifact artifact)
    {
        public IReadOnlyList<ReferenceAnswer> References => EmbeddingManifest.Read(artifact.Folder).References;
    }
}
