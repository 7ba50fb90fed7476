package io.espalier.trainer.objective;

import io.espalier.configs.GranularityConfig.Channel.Scope;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginKeys;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.network.ResidualUnit;
import java.util.List;
import java.util.Optional;

/**
 * Trains each transformer block to give what the same block of a stored network gives for the same
 * input: the mean square of the difference, summed over blocks (regional optimisation; Yang et al.,
 * "Wanda++: Pruning large language models via regional gradients", 2025). No label is read, and
 * parameters outside the blocks stay as they are. Evaluations and scores that measure gradients
 * take the cross-entropy.
 */
record BlockReconstruction(CrossEntropy labels, Teacher teacher)
    implements Objective, Objective.OfBlocks {
  /** The member of recipes. */
  static final String NAME = "block-reconstruction";

  @Override
  public double gradient(
      float[] logits, int[] ofRows, int classes, ObjectiveInputs taps, float[] gradient) {
    return labels.gradient(logits, ofRows, classes, taps, gradient);
  }

  @Override
  public Optional<OfBlocks> blocks() {
    return Optional.of(this);
  }

  @Override
  public double gradient(List<BlockValues> blocks, ObjectiveInputs taps, List<float[]> gradients) {
    List<float[]> targets = teacher.blocks(taps.inputs(), blocks);
    double loss = 0;
    for (int block = 0; block < blocks.size(); block++) {
      float[] given = blocks.get(block).given();
      float[] target = targets.get(block);
      float[] gradient = gradients.get(block);
      double sum = 0;
      for (int i = 0; i < given.length; i++) {
        double difference = (double) given[i] - target[i];
        sum += difference * difference;
        gradient[i] = (float) (2 * difference / given.length);
      }
      loss += sum / given.length;
    }
    return loss;
  }

  @Override
  public void check(Network network) {
    List<ResidualUnit> blocks = ResidualUnit.of(network, Scope.BLOCKS);
    if (blocks.isEmpty()) {
      throw InvalidConfigException.of(
          "train.objective",
          "must be another where a network has no transformer block: objective=%s; name cross-entropy or distillation"
              .formatted(NAME));
    }
    teacher.network().ifPresent(taught -> requireSame(network, blocks, taught));
  }

  private static void requireSame(Network network, List<ResidualUnit> blocks, Network taught) {
    List<ResidualUnit> found = ResidualUnit.of(taught, Scope.BLOCKS);
    if (!shapes(network, blocks).equals(shapes(taught, found))) {
      throw InvalidConfigException.of(
          "train.objective." + TeacherFile.TEACHER,
          "must have the blocks of the run's network: teacher=%s, network=%s; name the network that the run starts from, before it was pruned"
              .formatted(shapes(taught, found), shapes(network, blocks)));
    }
  }

  /** Each block's ends and the shape between blocks. */
  private static List<String> shapes(Network network, List<ResidualUnit> blocks) {
    return blocks.stream()
        .map(
            each ->
                "%s to %s of %s"
                    .formatted(each.from(), each.to(), network.shapeOf(each.to()).dimensions()))
        .toList();
  }

  @Override
  public void close() {
    teacher.close();
  }

  static final class Provider implements ObjectiveProvider {
    @Override
    public String name() {
      return NAME;
    }

    @Override
    public PluginKeys keys() {
      return TeacherFile.keys();
    }

    @Override
    public void check(MemberSettings settings) {
      TeacherFile.check(settings).verify();
    }

    @Override
    public boolean trainsBlocks() {
      return true;
    }

    @Override
    public Objective create(MemberSettings settings, ObjectiveContext context) {
      return new BlockReconstruction(
          new CrossEntropy(context.labelSmoothing()), TeacherFile.open(settings, context));
    }
  }
}
