package io.espalier.trainer.stream;

import io.espalier.configs.DataConfig;
import io.espalier.trainer.data.Dataset;
import io.espalier.trainer.data.Examples;
import io.espalier.trainer.data.Normalization;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.network.ImageShape;
import java.util.Collections;
import java.util.List;

public final class DeclaredData {
  private DeclaredData() {}

  public static Dataset of(DataConfig.Kafka stream) {
    List<Integer> shape = stream.shape();
    ImageShape input = new ImageShape(shape.get(0), shape.get(1), shape.get(2));
    Examples none = Examples.none(input.size());
    return new Dataset(
        stream.kind(),
        none,
        none,
        input,
        stream.columns(),
        stream.classes(),
        normalization(stream),
        Sha256.ofText(stream.toString()));
  }

  private static Normalization normalization(DataConfig.Kafka stream) {
    int groups = Math.max(stream.mean().size(), stream.deviation().size());
    return new Normalization(perGroup(stream.mean(), groups), perGroup(stream.deviation(), groups));
  }

  private static List<Double> perGroup(List<Double> values, int groups) {
    return values.size() == groups ? values : Collections.nCopies(groups, values.get(0));
  }
}
