namespace ServeBench.OnnxServer.Inference;

/// <summary>The models that are served, by the names that clients call them.</summary>
internal sealed class ModelTable(IReadOnlyList<ServedModel> models) : IDisposable
{
    public IReadOnlyList<ServedModel> All => models;

    /// <returns>The model of that name, or null.</returns>
    public ServedModel? Find(ReadOnlySpan<char> name)
    {
        foreach (var model in models)
        {
            if (name.SequenceEqual(model.Name)) return model;
        }
        return null;
    }

    public void Dispose()
    {
        foreach (var model in models) model.Dispose();
    }
}
