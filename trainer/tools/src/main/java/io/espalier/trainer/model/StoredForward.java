package io.espalier.trainer.model;

import io.espalier.trainer.data.Batch;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.sparse.SparseNetwork;
import io.espalier.trainer.stored.FixedNetwork;
import io.espalier.trainer.stored.FixedNetworks;

/** Computes the logits of a stored network. Confined to one thread. */
interface StoredForward extends AutoCloseable {
  /** Logits {@code [size, classes]}, row-major. */
  float[] logits(Batch batch);

  @Override
  void close();

  /** With all weights on the tensor engine, which the first use loads. */
  final class OnEngine implements StoredForward {
    private final FixedNetwork network;

    OnEngine(LoadedModel model) {
      network = FixedNetworks.onEngine().open(model.network(), model::values);
    }

    @Override
    public float[] logits(Batch batch) {
      return network.logits(batch.inputs(), batch.size());
    }

    @Override
    public void close() {
      network.close();
    }
  }

  /** With kept weights only, which are never unpacked. */
  final class OnKeptWeights implements StoredForward {
    private static final int EXAMPLES = 128;

    private final SparseNetwork network;

    OnKeptWeights(LoadedModel model) {
      network = network(model.network(), model.stored(), EXAMPLES);
    }

    /**
     * @param examples the largest batch
     */
    static SparseNetwork network(Network network, StoredModel stored, int examples) {
      SparseNetwork sparse = SparseNetwork.inference(network, stored.masks(network), examples);
      sparse
          .parameters()
          .forEach(
              each -> {
                float[] values = stored.tensor(each.shape().id()).keptValues();
                System.arraycopy(values, 0, each.values(), 0, values.length);
              });
      return sparse;
    }

    @Override
    public float[] logits(Batch batch) {
      float[] logits = new float[batch.size() * network.positions() * network.outputs()];
      network.infer(batch.inputs(), batch.size(), logits);
      return logits;
    }

    @Override
    public void close() {}
  }
}
