package io.espalier.service.api;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.server.Directives;
import io.espalier.service.RunQuery;
import io.espalier.service.RunService;
import io.espalier.service.RunState;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.HttpServer;
import io.espalier.service.http.ProblemKind;
import io.espalier.service.http.Role;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Counts the answers of the API; a scrape also reads the process and the number of runs in each
 * state. Thread-safe.
 */
final class ApiMetrics implements HttpServer.Observer, AutoCloseable {
  private static final String FORMAT = "text/plain; version=0.0.4; charset=UTF-8";
  private static final long LONGEST_SECONDS = 3;

  private final RunService service;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Map<RunState, AtomicInteger> runs = new EnumMap<>(RunState.class);
  private final AtomicInteger answers = new AtomicInteger();

  ApiMetrics(RunService service) {
    this.service = service;
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
    for (RunState state : RunState.values()) {
      var count = new AtomicInteger();
      runs.put(state, count);
      Gauge.builder("espalier.runs", count, AtomicInteger::get)
          .description("Runs by state; those that are queued are the queue")
          .tag("state", RunDocuments.spelling(state))
          .register(registry);
    }
    gauge(
        "espalier.service.answers",
        "1 if the service reported the number of its runs, 0 if these are old",
        answers::get);
  }

  MeterRegistry registry() {
    return registry;
  }

  /** Adds a number that each scrape reads. */
  void gauge(String name, String description, IntSupplier value) {
    Gauge.builder(name, value::getAsInt).description(description).register(registry);
  }

  Endpoint endpoint(Optional<Role> role) {
    return Endpoint.get(
        "/metrics",
        role,
        List.of(),
        List.of(MediaTypes.TEXT_PLAIN),
        call ->
            Directives.completeWithFuture(
                refresh()
                    .thenApply(
                        done ->
                            HttpResponses.of(
                                ContentTypes.parse(FORMAT),
                                registry.scrape().getBytes(StandardCharsets.UTF_8)))));
  }

  /** Completes when the numbers of runs are new, or the time limit of the service has passed. */
  private CompletionStage<Void> refresh() {
    CompletableFuture<?>[] requests =
        runs.entrySet().stream()
            .map(
                each ->
                    service
                        .list(new RunQuery(Set.of(each.getKey()), "", 1, Optional.empty()))
                        .thenAccept(page -> each.getValue().set(page.total()))
                        .toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(requests)
        .orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS)
        .handle(
            (done, failure) -> {
              answers.set(failure == null ? 1 : 0);
              return null;
            });
  }

  @Override
  public void answered(String method, String path, int status, long nanos) {
    Timer.builder("espalier.http.requests")
        .description("Requests by route and status, and the time until their answers began")
        .tag("method", method)
        .tag("route", path)
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(Duration.ofNanos(nanos));
  }

  @Override
  public void refused(ProblemKind kind) {
    Counter.builder("espalier.http.refused")
        .description("Calls without a token that allows them")
        .tag("reason", kind == ProblemKind.FORBIDDEN ? "role" : "token")
        .register(registry)
        .increment();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
