package io.espalier.service.cluster;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import io.espalier.training.NodeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

/** Checks that a joining node has the same directory of runs as the others. */
public final class SharedDirectoryCheck {
  static final ServiceKey<ReadNonce> KEY =
      ServiceKey.create(ReadNonce.class, "espalier-runs-witness");

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
  private static final Duration LEFT_AFTER = Duration.ofHours(1);
  private static final String PREFIX = ".node-";

  private SharedDirectoryCheck() {}

  public record ReadNonce(String file, ActorRef<NonceRead> replyTo) implements NodeMessage {}

  /** Content is empty without a file. */
  public record NonceRead(String content) implements NodeMessage {}

  public static Behavior<ReadNonce> create(Path runs) {
    return Behaviors.setup(
        context -> {
          context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
          return Behaviors.receiveMessage(
              message -> {
                message.replyTo().tell(new NonceRead(read(runs, message.file())));
                return Behaviors.same();
              });
        });
  }

  private static String read(Path runs, String name) {
    try {
      return name.matches("\\.node-[0-9a-f-]{36}") ? Files.readString(runs.resolve(name)) : "";
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Makes all other nodes read a nonce of this one and returns the addresses of those with another
   * directory. Blocks.
   *
   * @throws TimeoutException if a node does not answer
   */
  public static List<String> strangers(ActorSystem<?> system, Path runs) throws TimeoutException {
    UUID nonce = UUID.randomUUID();
    Path file = runs.resolve(PREFIX + nonce);
    try {
      deleteLeft(runs);
      Files.writeString(file, nonce.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the directory of runs must be there and writable on every node: directory=" + runs, e);
    }
    try {
      return strangers(system, nonce);
    } finally {
      delete(file);
    }
  }

  private static List<String> strangers(ActorSystem<?> system, UUID nonce) throws TimeoutException {
    Map<Address, Boolean> answers = new HashMap<>();
    long untilNs = System.nanoTime() + LIMIT.toNanos();
    Set<Address> silent = others(system);
    while (!silent.isEmpty()) {
      if (System.nanoTime() > untilNs) {
        throw new TimeoutException(
            "all nodes must say within %d s whether they share the directory of runs: silent=%s; start again once they answer"
                .formatted(LIMIT.toSeconds(), silent));
      }
      ask(system, silent, nonce, answers);
      pause();
      silent = others(system);
      silent.removeAll(answers.keySet());
    }
    return answers.entrySet().stream()
        .filter(answer -> !answer.getValue())
        .map(answer -> answer.getKey().toString())
        .toList();
  }

  private static Set<Address> others(ActorSystem<?> system) {
    Cluster cluster = Cluster.get(system);
    Set<Address> others = new HashSet<>();
    for (Member member : cluster.state().getMembers()) {
      if (member.status().equals(MemberStatus.up())) {
        others.add(member.address());
      }
    }
    others.remove(cluster.selfMember().address());
    return others;
  }

  private static void ask(
      ActorSystem<?> system, Set<Address> silent, UUID nonce, Map<Address, Boolean> answers) {
    Receptionist.Listing listing =
        AskPattern.<Receptionist.Command, Receptionist.Listing>ask(
                system.receptionist(),
                replyTo -> Receptionist.find(KEY, replyTo),
                LIMIT,
                system.scheduler())
            .toCompletableFuture()
            .join();
    for (ActorRef<ReadNonce> witness : listing.getServiceInstances(KEY)) {
      Address address = witness.path().address();
      if (silent.contains(address)) {
        ask(system, witness, nonce).ifPresent(sees -> answers.put(address, sees));
      }
    }
  }

  /** Whether another node reads the nonce; empty if it does not answer. */
  private static Optional<Boolean> ask(
      ActorSystem<?> system, ActorRef<ReadNonce> witness, UUID nonce) {
    return AskPattern.<ReadNonce, NonceRead>ask(
            witness,
            replyTo -> new ReadNonce(PREFIX + nonce, replyTo),
            ANSWER_LIMIT,
            system.scheduler())
        .handle(
            (read, failure) ->
                failure == null
                    ? Optional.of(read.content().equals(nonce.toString()))
                    : Optional.<Boolean>empty())
        .toCompletableFuture()
        .join();
  }

  /** Nonces of nodes that ended while they joined. */
  private static void deleteLeft(Path runs) throws IOException {
    FileTime old = FileTime.from(Instant.now().minus(LEFT_AFTER));
    try (DirectoryStream<Path> nonces = Files.newDirectoryStream(runs, PREFIX + "*")) {
      for (Path each : nonces) {
        if (Files.getLastModifiedTime(each, LinkOption.NOFOLLOW_LINKS).compareTo(old) < 0) {
          Files.deleteIfExists(each);
        }
      }
    } catch (NoSuchFileException e) {
      // Another node has deleted it.
      return;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_INTERVAL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the start was interrupted", e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
