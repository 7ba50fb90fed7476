package io.espalier.service.api;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.server.Directives;
import io.espalier.service.RunQuery;
import io.espalier.service.RunService;
import io.espalier.service.RunState;
import io.espalier.service.api.ServiceDescription.Node;
import io.espalier.service.http.Endpoint;
import io.espalier.service.http.HttpResponses;
import io.espalier.service.http.HttpServer;
import io.espalier.service.http.ProblemKind;
import io.espalier.service.http.Role;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Counts the answers of the API; a scrape also reads the process, the number of runs in each state,
 * the capacity of all nodes, and the disk of this one. Thread-safe.
 */
final class ApiMetrics implements HttpServer.Observer, AutoCloseable {
  private static final String FORMAT = "text/plain; version=0.0.4; charset=UTF-8";
  private static final long LONGEST_SECONDS = 3;

  private static final double MEGABYTE = 1 << 20;

  private final RunService service;
  private final ServiceDescription.Source description;
  private final PrometheusMeterRegistry registry;
  private final StorageMetrics storage;
  private final Executor threads;
  private final Map<MultiGauge, ToDoubleFunction<Node>> capacity = new LinkedHashMap<>();
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Map<RunState, AtomicInteger> runs = new EnumMap<>(RunState.class);
  private final AtomicInteger answers = new AtomicInteger();

  /** Adds to {@code registry}, which others may use too; {@code threads} read files. */
  ApiMetrics(
      RunService service,
      ServiceDescription.Source description,
      PrometheusMeterRegistry registry,
      StorageMetrics.Places places,
      Executor threads) {
    this.service = service;
    this.description = description;
    this.registry = registry;
    this.storage = new StorageMetrics(places, registry, System::nanoTime);
    this.threads = threads;
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
    capacity(
        MultiGauge.builder("espalier.trainers"),
        "Trainers that a node has room for",
        Node::trainers);
    capacity(
        MultiGauge.builder("espalier.trainers.free"),
        "Trainers that a node could start",
        Node::trainersFree);
    capacity(
        MultiGauge.builder("espalier.memory").baseUnit("bytes"),
        "Memory of a node in the books of the queue",
        node -> node.memoryMb() * MEGABYTE);
    capacity(
        MultiGauge.builder("espalier.memory.free").baseUnit("bytes"),
        "Memory of a node that no run has reserved",
        node -> node.memoryMbFree() * MEGABYTE);
  }

  private void capacity(MultiGauge.Builder gauge, String text, ToDoubleFunction<Node> value) {
    capacity.put(gauge.description(text).register(registry), value);
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

  /** Completes when all figures are new, or the time limit of the service has passed. */
  private CompletionStage<Void> refresh() {
    CompletableFuture<?> disk = CompletableFuture.runAsync(storage::refresh, threads);
    Stream<CompletionStage<Void>> counts =
        runs.entrySet().stream()
            .map(
                each ->
                    service
                        .list(new RunQuery(Set.of(each.getKey()), "", 1, Optional.empty()))
                        .thenAccept(page -> each.getValue().set(page.total())));
    CompletableFuture<?>[] requests =
        Stream.concat(counts, Stream.of(description.describe().thenAccept(this::capacity)))
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(requests)
        .orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS)
        .handle(
            (done, failure) -> {
              answers.set(failure == null ? 1 : 0);
              return null;
            })
        .thenCombine(
            disk.completeOnTimeout(null, LONGEST_SECONDS, TimeUnit.SECONDS), (done, read) -> null);
  }

  private void capacity(ServiceDescription described) {
    capacity.forEach(
        (gauge, value) ->
            gauge.register(
                described.nodes().stream()
                    .map(
                        node ->
                            MultiGauge.Row.of(
                                Tags.of("node", node.name()), value.applyAsDouble(node)))
                    .toList(),
                true));
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
  public void listens(HttpServer.Connections connections) {
    gauge("espalier.http.connections", "Open connections", connections::open);
    FunctionCounter.builder(
            "espalier.http.connections.ended", connections, HttpServer.Connections::ended)
        .description("Waiting connections that were ended to make room for others")
        .register(registry);
  }

  @Override
  public void close() {
    collections.close();
  }
}
