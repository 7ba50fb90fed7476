package io.espalier.actors.service.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import io.espalier.actors.training.NodeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Tells other nodes what this one sees in the directory of runs, so that one which has mounted
 * something else there is found out when it joins, not when a run goes on from nothing.
 */
public final class RunsWitness {
  static final ServiceKey<ReadNonce> KEY =
      ServiceKey.create(ReadNonce.class, "espalier-runs-witness");

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String PREFIX = ".node-";

  private RunsWitness() {}

  /** Read a nonce of another node. */
  record ReadNonce(String file, ActorRef<NonceRead> replyTo) implements NodeMessage {}

  /** What is there; empty if nothing is. */
  record NonceRead(String content) implements NodeMessage {}

  /** An actor that registers itself, and answers. */
  public static Behavior<Void> create(Path runs) {
    Behavior<ReadNonce> answering =
        Behaviors.setup(
            context -> {
              context
                  .getSystem()
                  .receptionist()
                  .tell(Receptionist.register(KEY, context.getSelf()));
              return answering(runs);
            });
    return Behaviors.setup(
        context -> {
          context.spawn(answering, "witness");
          return Behaviors.empty();
        });
  }

  private static Behavior<ReadNonce> answering(Path runs) {
    return Behaviors.receive(ReadNonce.class)
        .onMessage(
            ReadNonce.class,
            message -> {
              message.replyTo().tell(new NonceRead(read(runs, message.file())));
              return Behaviors.same();
            })
        .build();
  }

  private static String read(Path runs, String name) {
    try {
      return name.matches("\\.node-[0-9a-f-]{36}") ? Files.readString(runs.resolve(name)) : "";
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Has all other nodes read what this one writes.
   *
   * @return the addresses of those that do not see it: they have another directory there
   */
  public static CompletionStage<List<String>> strangers(ActorSystem<?> system, Path runs) {
    UUID nonce = UUID.randomUUID();
    Path file = runs.resolve(PREFIX + nonce);
    try {
      Files.createDirectories(runs);
      Files.writeString(file, nonce.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the directory of runs must be writable on every node: directory=" + runs, e);
    }
    return AskPattern.<Receptionist.Command, Receptionist.Listing>ask(
            system.receptionist(),
            replyTo -> Receptionist.find(KEY, replyTo),
            LIMIT,
            system.scheduler())
        .thenCompose(listing -> ask(system, List.copyOf(listing.getServiceInstances(KEY)), nonce))
        .whenComplete((strangers, failure) -> delete(file));
  }

  private static CompletionStage<List<String>> ask(
      ActorSystem<?> system, List<ActorRef<ReadNonce>> witnesses, UUID nonce) {
    CompletionStage<List<String>> all = CompletableFuture.completedFuture(List.of());
    for (ActorRef<ReadNonce> witness : witnesses) {
      CompletionStage<NonceRead> answer =
          AskPattern.ask(
              witness,
              replyTo -> new ReadNonce(PREFIX + nonce, replyTo),
              LIMIT,
              system.scheduler());
      all =
          all.thenCombine(
              answer,
              (strangers, read) ->
                  read.content().equals(nonce.toString())
                      ? strangers
                      : with(strangers, witness.path().address().toString()));
    }
    return all;
  }

  private static List<String> with(List<String> list, String more) {
    List<String> longer = new ArrayList<>(list);
    longer.add(more);
    return longer;
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
