package io.espalier.trainer.network;

import io.espalier.configs.ModelConfig;
import io.espalier.configs.ModelConfig.FeedForward;
import io.espalier.configs.ModelConfig.Positions;
import io.espalier.configs.ModelConfig.SequenceNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Transformer: embeddings, blocks of attention and feed-forward layers, each with a norm before it
 * and a residual around it, and a last norm. Layers whose outputs are added to the residual have no
 * bias, so that pruned features of it are 0 (Vaswani et al., "Attention Is All You Need", 2017;
 * Xiong et al., "On Layer Normalization in the Transformer Architecture", 2020).
 */
final class Transformer {
  private final ModelConfig.CharLm model;
  private final LayerList layers = new LayerList();
  private final Optional<String> mask;

  private Transformer(ModelConfig.CharLm model, DataSizes sizes, boolean causal) {
    this.model = model;
    this.mask =
        causal
            ? Optional.empty()
            : Optional.of(layers.add("mask", new PaddingMask(sizes.padding())).last());
    describe(sizes.tokens());
  }

  /** Causal: a position sees itself and earlier ones. */
  static LayerList layers(ModelConfig.CharLm model, DataSizes sizes) {
    return new Transformer(model, sizes, true).layers;
  }

  /** Whose positions see all that hold tokens, and give the mean of these. */
  static LayerList layers(ModelConfig.TextClassifier model, DataSizes sizes) {
    Transformer transformer = new Transformer(model.blocks(), sizes, false);
    return transformer.layers.add(
        "pool", new MeanPool(), transformer.layers.last(), transformer.mask.orElseThrow());
  }

  private void describe(int tokens) {
    String sequence =
        layers.add("tokens", new TokenEmbedding(tokens, model.features()), Network.INPUT).last();
    if (model.positions() == Positions.LEARNED) {
      layers.add("positions", new PositionEmbedding());
      sequence = add("embedding", sequence);
    }
    for (int block = 1; block <= model.layers(); block++) {
      String name = "block" + block;
      attend(name + ".attention", norm(name + ".norm1", sequence));
      sequence = add(name + ".add1", sequence);
      feedForward(name + ".ffn", norm(name + ".norm2", sequence));
      sequence = add(name + ".add2", sequence);
    }
    norm("norm", sequence);
  }

  private String norm(String name, String from) {
    boolean centred = model.norm() == SequenceNorm.LAYER;
    return layers.add(name, new PositionNorm(centred, 0, Layer.EPSILON), from).last();
  }

  /** Adds the last layer's output to what it was computed from. */
  private String add(String name, String residual) {
    return layers.add(name, new Add(), residual, layers.last()).last();
  }

  private void attend(String name, String from) {
    int headSize = model.features() / model.heads();
    String queries = turned(linear(name + ".query", model.features(), from), headSize);
    int shared = model.keyValueHeads() * headSize;
    String keys = turned(linear(name + ".key", shared, from), headSize);
    String values = linear(name + ".value", shared, from);
    List<String> read = new ArrayList<>(List.of(queries, keys, values));
    mask.ifPresent(read::add);
    layers.add(
        name + ".heads", new Attention(headSize, mask.isEmpty()), read.toArray(String[]::new));
    layers.add(name + ".output", new Linear(model.features(), false));
  }

  private String turned(String from, int headSize) {
    return model.positions() == Positions.ROTARY
        ? layers.add(from + ".rotary", new RotaryEmbedding(headSize, RotaryEmbedding.BASE)).last()
        : from;
  }

  private String linear(String name, int outputs, String from) {
    return layers.add(name, new Linear(outputs, true), from).last();
  }

  private void feedForward(String name, String from) {
    if (model.feedForward() == FeedForward.GELU) {
      linear(name + ".up", model.hidden(), from);
      layers.add(name + ".gelu", new Activation(Layer.Function.GELU));
    } else {
      String up = linear(name + ".up", model.hidden(), from);
      linear(name + ".gate", model.hidden(), from);
      layers.add(name + ".silu", new Activation(Layer.Function.SILU));
      layers.add(name + ".gated", new Multiply(), up, layers.last());
    }
    layers.add(name + ".down", new Linear(model.features(), false));
  }
}
