package com.example.pruning;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.Rules;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.trainer.network.Convolution;
import io.espalier.trainer.network.DataSizes;
import io.espalier.trainer.network.FlattenPositions;
import io.espalier.trainer.network.ImageShape;
import io.espalier.trainer.network.Layer;
import io.espalier.trainer.network.Linear;
import io.espalier.trainer.network.MeanPool;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.NetworkBuilder;
import io.espalier.trainer.network.NetworkProvider;
import io.espalier.trainer.network.PositionEmbedding;
import io.espalier.trainer.network.PositionNorm;

/** A transformer over patches of images, whose blocks have {@link ReluAttention}. */
public final class PatchTransformer implements NetworkProvider {
  @Override
  public String name() {
    return "patch-transformer";
  }

  @Override
  public PluginKeys keys() {
    return PluginKeys.NONE.whole("patch", 2).whole("features", 16).whole("blocks", 2);
  }

  @Override
  public void check(MemberSettings settings) {
    Rules rules = new Rules();
    settings
        .values()
        .keySet()
        .forEach(
            key -> {
              int value = settings.whole(key);
              rules.require(key, value, value >= 1 && value <= 1024, "from 1 to 1024");
            });
    rules.verify();
  }

  @Override
  public Network build(MemberSettings settings, ImageShape input, DataSizes outputs) {
    int patch = settings.whole("patch");
    int features = settings.whole("features");
    NetworkBuilder network =
        NetworkBuilder.of(input)
            .add(new Convolution(features, patch, patch, 0, 1, false))
            .add(new FlattenPositions())
            .residual("positions", branch -> branch.add(new PositionEmbedding()));
    for (int block = 1; block <= settings.whole("blocks"); block++) {
      network
          .residual("block" + block + ".attention", branch -> attend(branch, features))
          .residual("block" + block + ".ffn", branch -> feedForward(branch, features));
    }
    return network.add(norm()).add(new MeanPool()).linear(outputs.classes()).build();
  }

  private static void attend(NetworkBuilder branch, int features) {
    String read = branch.add(norm()).last();
    String queries = branch.from(read).linear(features).last();
    String keys = branch.from(read).linear(features).last();
    String values = branch.from(read).linear(features).last();
    branch
        .join(new ReluAttention((float) (1 / Math.sqrt(features))), queries, keys, values)
        .add(new Linear(features, false));
  }

  private static void feedForward(NetworkBuilder branch, int features) {
    branch.add(norm()).linear(4 * features).add(new Mish()).add(new Linear(features, false));
  }

  private static PositionNorm norm() {
    return new PositionNorm(true, 0, Layer.EPSILON);
  }
}
