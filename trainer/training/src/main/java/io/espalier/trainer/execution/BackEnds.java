package io.espalier.trainer.execution;

import io.espalier.configs.TrainConfig;
import io.espalier.configs.plugin.MissingModuleException;
import io.espalier.configs.plugin.ModuleParts;
import io.espalier.trainer.network.Network;
import java.util.Optional;
import java.util.ServiceLoader;

/** The ways to compute that the class path has. */
public final class BackEnds {
  private BackEnds() {}

  /**
   * Returns what computes.
   *
   * @throws MissingModuleException if its module is missing
   */
  public static BackEnd of(Execution execution) {
    return find(execution).orElseThrow(() -> missing(execution));
  }

  /** Whether the class path has a way to compute that computes all layers of a network. */
  public static boolean compute(Execution execution, Network network) {
    return find(execution).filter(each -> each.missing(network).isEmpty()).isPresent();
  }

  /** Returns {@link BackEnd#arithmetic} of a way to compute, where the class path has it. */
  public static int arithmetic(Execution execution, Network network) {
    return find(execution).map(each -> each.arithmetic(network)).orElse(BackEnd.FIRST_ARITHMETIC);
  }

  /** Begins, once in a process, what would make first steps slow, where the class path has it. */
  public static void warmUp(Execution execution, TrainConfig train) {
    find(execution).ifPresent(each -> each.warmUp(train));
  }

  /** Returns why a way to compute cannot be taken here, with a way out; empty if it can. */
  public static Optional<String> problem(Execution execution) {
    return find(execution)
        .map(BackEnd::problem)
        .orElseGet(() -> Optional.of(String.valueOf(missing(execution).getMessage())));
  }

  /** Returns {@link BackEnd#slowness} of a way to compute, where the class path has it. */
  public static Optional<String> slowness(Execution execution) {
    return find(execution).flatMap(BackEnd::slowness);
  }

  private static MissingModuleException missing(Execution execution) {
    return ModuleParts.missing("execution on " + execution.what(), execution.module());
  }

  private static Optional<BackEnd> find(Execution execution) {
    return ServiceLoader.load(BackEnd.class, BackEnd.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .filter(each -> each.execution() == execution)
        .findFirst();
  }
}
