namespace ServeBench.Models.Onnx;

/// <summary>Gives a graph the tensors of a checkpoint in the form in which they are to be stored.</summary>
public interface IWeightSource
{
    /// <param name="name">The tensor's name in the checkpoint.</param>
    /// <param name="transposed">True for a matrix that is to be stored with rows and columns exchanged.</param>
    Initialiser Take(string name, bool transposed);
}
