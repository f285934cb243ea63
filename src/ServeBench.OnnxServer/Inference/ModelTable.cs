namespace ServeBench.OnnxServer.Inference;

/// <summary>The models that are served, by the names that clients call them.</summary>
/// <param name="models">At least one.</param>
internal sealed class ModelTable(IReadOnlyList<ServedModel> models) : IDisposable
{
    public IReadOnlyList<ServedModel> All => models;

    /// <summary>The model, when there is no other; null when a request has to say which it wants.</summary>
    public ServedModel? Only { get; } = models.Count == 1 ? models[0] : null;

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
