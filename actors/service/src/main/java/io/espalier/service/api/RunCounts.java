package io.espalier.service.api;

import io.espalier.service.RunQuery;
import io.espalier.service.RunService;
import io.espalier.service.RunState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** How many runs are in each state; looked up when asked, not in between. Thread-safe. */
final class RunCounts {
  private static final long SECONDS = 3;

  private final RunService service;
  private final Map<RunState, AtomicInteger> counts = new EnumMap<>(RunState.class);
  private final AtomicInteger answers = new AtomicInteger();

  RunCounts(RunService service, MeterRegistry registry) {
    this.service = service;
    for (RunState state : RunState.values()) {
      var count = new AtomicInteger();
      counts.put(state, count);
      Gauge.builder("espalier.runs", count, AtomicInteger::get)
          .description("Runs by state; those that are queued are the queue")
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    Gauge.builder("espalier.service.answers", answers, AtomicInteger::get)
        .description("1 if the service told the number of its runs, 0 if these are old")
        .register(registry);
  }

  /** Over when the counts are new, or the service has had its time. */
  CompletionStage<Void> refresh() {
    CompletableFuture<?>[] asked =
        counts.entrySet().stream()
            .map(each -> ask(each.getKey()).thenAccept(each.getValue()::set))
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(asked)
        .orTimeout(SECONDS, TimeUnit.SECONDS)
        .handle(
            (done, failure) -> {
              answers.set(failure == null ? 1 : 0);
              return null;
            });
  }

  private CompletionStage<Integer> ask(RunState state) {
    return service
        .list(new RunQuery(Set.of(state), "", 1, Optional.empty()))
        .thenApply(page -> page.total());
  }
}
