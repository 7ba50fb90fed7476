package io.espalier.telemetry.event;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The masks and cuts of the whole network and of each parameter. */
public sealed interface MaskEvent extends Event {
  /**
   * A new mask set is in force on all replicas. Counts are of the whole network, in which cut units
   * are not kept.
   *
   * @param targetSparsity what the schedule asked for, from 0 to 1; of weights, or of the budget
   *     where there is one
   * @param sparsity share of the units that is not kept, from 0 to 1
   * @param kept units kept in all prunable parameters
   * @param parameters every prunable parameter, in layout order
   * @param updateSeconds that the coordinator took to score, allocate and select
   * @param budget {@link #PARAMETERS}, {@link #MACS} or {@link #LATENCY}: what a network of fewer
   *     channels is to have less of; empty where single weights are pruned
   * @param budgetShare share of the whole network's cost, in the budget's measure, that the kept
   *     channels have, from 0 to 1; empty where that is not known
   * @param refit empty where the recipe has none, and of older versions
   */
  record MasksUpdated(
      long step,
      int maskVersion,
      double targetSparsity,
      double sparsity,
      long kept,
      List<ParameterMasks> parameters,
      double updateSeconds,
      Optional<String> budget,
      OptionalDouble budgetShare,
      Optional<Refitted> refit)
      implements MaskEvent {
    public static final String PARAMETERS = "parameters";
    public static final String MACS = "macs";
    public static final String LATENCY = "latency";

    public MasksUpdated {
      parameters = List.copyOf(parameters);
    }

    public MasksUpdated(
        long step,
        int maskVersion,
        double targetSparsity,
        double sparsity,
        long kept,
        List<ParameterMasks> parameters,
        double updateSeconds) {
      this(
          step,
          maskVersion,
          targetSparsity,
          sparsity,
          kept,
          parameters,
          updateSeconds,
          Optional.empty(),
          OptionalDouble.empty());
    }

    /** An update without a refit. */
    public MasksUpdated(
        long step,
        int maskVersion,
        double targetSparsity,
        double sparsity,
        long kept,
        List<ParameterMasks> parameters,
        double updateSeconds,
        Optional<String> budget,
        OptionalDouble budgetShare) {
      this(
          step,
          maskVersion,
          targetSparsity,
          sparsity,
          kept,
          parameters,
          updateSeconds,
          budget,
          budgetShare,
          Optional.empty());
    }

    /** Returns the sparsity to compare with {@link #targetSparsity}. */
    public double actual() {
      return budgetShare.isPresent() ? 1 - budgetShare.getAsDouble() : sparsity;
    }
  }

  /** A refit of {@code layers} that lost weights changed what is left of {@code changed}. */
  record Refitted(int layers, int changed) {
    /** Whether there was something to refit, and nothing changed. */
    public boolean actedOnNothing() {
      return layers > 0 && changed == 0;
    }
  }

  /**
   * One parameter's share of a mask update; all numbers count units of the whole network.
   *
   * @param target that the allocation asked to keep
   */
  record ParameterMasks(
      String name, long units, long target, long kept, long pruned, long regrown) {}

  /** The latest mask of one parameter; only the newest one per parameter is promised to survive. */
  record ParameterMaskState(
      String name, long step, int maskVersion, long units, long kept, long pruned, long regrown)
      implements MaskEvent {
    @Override
    public Optional<String> subject() {
      return Optional.of(name);
    }
  }

  /**
   * Channels left the network, in the same place on all replicas.
   *
   * @param maskVersion in force from then on
   * @param layoutDigest name of the layout from then on
   * @param groups of channels that go together, in the order of the network
   * @param parameters all that the network has from then on, in layout order
   */
  record ChannelsCut(
      long step,
      int maskVersion,
      String layoutDigest,
      List<GroupWidth> groups,
      List<CutParameter> parameters,
      NetworkSize before,
      NetworkSize after,
      NetworkSize dense,
      double seconds)
      implements MaskEvent {
    public ChannelsCut {
      groups = List.copyOf(groups);
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * The number of channels of a group: in the whole network, before and after a cut; {@code name}
   * is the first weight that gives them.
   */
  record GroupWidth(String name, int channels, int before, int after) {}

  /** A parameter after a cut: row-major shape, and multiply-accumulates for one example. */
  record CutParameter(String name, List<Long> shape, long macs) {
    public CutParameter {
      shape = List.copyOf(shape);
    }
  }

  /**
   * The cost of a network: values including running statistics, multiply-accumulates for one
   * example, and bytes of values and optimizer state per replica.
   */
  record NetworkSize(long parameters, long macs, long stateBytes) {}

  /**
   * A picture of one parameter's mask in the whole network: shares of units kept, at most 4096
   * characters long. At a bounded number of updates pictures are taken of the first prunable
   * parameter and of one other in turn; at the last update, of all up to a bound.
   *
   * @param name of the parameter
   * @param view {@link #WEIGHTS}, {@link #PIXELS} or {@link #WINDOW}: what a cell stands for
   * @param rows of the grid; neighbours share a cell where there are more than fit
   * @param rowAxis what the rows are, such as {@code output}
   * @param columnAxis what the columns are, such as {@code input}
   * @param full share of units kept that a cell of 255 stands for, from 0 to 1: the grid's largest
   * @param cells one byte per cell from 0 (exactly where nothing is kept) to 255, row-major, in
   *     Base64
   */
  record MaskPicture(
      String name,
      long step,
      int maskVersion,
      String view,
      int rows,
      int columns,
      String rowAxis,
      String columnAxis,
      double full,
      String cells)
      implements MaskEvent {
    /** A row per output, a column per weight of an output, row-major. */
    public static final String WEIGHTS = "weights";

    /** The pixels of the network's inputs, over all outputs and channels that look at them. */
    public static final String PIXELS = "pixels";

    /** The places of a convolution's window, over all outputs and inputs. */
    public static final String WINDOW = "window";

    /** Finer than the parameter: a compacted topic keeps the newest of each view. */
    @Override
    public Optional<String> subject() {
      return Optional.of(name + ":" + view);
    }
  }
}
