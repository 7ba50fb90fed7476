package io.espalier.telemetry.event;

import java.util.List;
import java.util.Optional;

/** What the masks keep, for the whole network and per parameter. */
public sealed interface MaskEvent extends Event {
  /**
   * A new mask set is in force on all replicas.
   *
   * @param targetSparsity what the schedule asked for, from 0 to 1
   * @param sparsity what the masks have, from 0 to 1
   * @param kept units kept in all prunable parameters
   * @param parameters every prunable parameter, in layout order
   * @param updateSeconds that the coordinator took to score, allocate and select
   */
  record MasksUpdated(
      long step,
      int maskVersion,
      double targetSparsity,
      double sparsity,
      long kept,
      List<ParameterMasks> parameters,
      double updateSeconds)
      implements MaskEvent {
    public MasksUpdated {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * One parameter's share of a mask update; all numbers count units.
   *
   * @param target that the allocation asked to keep
   * @param pruned kept before and not now
   * @param regrown kept now and not before
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
   * A small picture of one parameter's mask: shares of units kept, at most 4096 characters long.
   *
   * <p>At a bounded number of updates pictures are taken of the first prunable parameter and of one
   * of the others, in turn, and at the last update of every prunable one (up to a bound).
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
