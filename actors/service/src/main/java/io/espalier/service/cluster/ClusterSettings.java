package io.espalier.service.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValueFactory;
import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.Rules;
import io.espalier.service.journal.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Settings of a cluster's node, from a HOCON file:
 *
 * <pre>
 * node = n1
 * artery = "10.0.0.1:25520"           # actors, over TLS
 * seeds = ["10.0.0.1:25520", "10.0.0.2:25520"]
 * roles = [coordinator, trainer]
 * aeron = "10.0.0.1:25521"            # bulk data, UDP, sealed
 * certificates = /etc/espalier/node   # has node.pem
 * journal { url = "jdbc:postgresql://db:5432/espalier", user = espalier, password-file = /etc/espalier/db }
 * runs = /shared/espalier/runs        # one directory for all nodes
 * </pre>
 */
public record ClusterSettings(
    String node,
    String artery,
    List<String> seeds,
    Set<String> roles,
    String aeron,
    Path certificates,
    Journal.Shared journal,
    Path runs) {
  private static final Set<String> ROLES = Set.of("coordinator", "trainer");
  private static final Set<String> KEYS =
      Set.of("node", "artery", "seeds", "roles", "aeron", "certificates", "journal", "runs");
  private static final String ADDRESS = "(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9.-]+):\\d{1,5}";
  private static final String ADDRESS_RULE = "host:port, as other nodes reach it";
  private static final String SYSTEM = "akka://espalier@";

  public ClusterSettings {
    seeds = List.copyOf(seeds);
    roles = Set.copyOf(roles);
    new Rules()
        .require(
            "node", node, node.matches("[A-Za-z0-9._-]{1,64}"), "1 to 64 of A-Z a-z 0-9 . _ and -")
        .require("artery", artery, artery.matches(ADDRESS), ADDRESS_RULE)
        .require("aeron", aeron, aeron.matches(ADDRESS), ADDRESS_RULE)
        .require(
            "seeds",
            seeds,
            !seeds.isEmpty() && seeds.stream().allMatch(seed -> seed.matches(ADDRESS)),
            "one address or more, each " + ADDRESS_RULE)
        .require(
            "roles",
            new TreeSet<>(roles),
            !roles.isEmpty() && ROLES.containsAll(roles),
            "coordinator, trainer or both")
        .require("runs", runs, runs.isAbsolute(), "an absolute path")
        .verify();
  }

  public static ClusterSettings read(Path file) throws IOException {
    try {
      Config config =
          ConfigFactory.parseString(Files.readString(file))
              .resolve(ConfigResolveOptions.noSystem());
      Set<String> unknown = new TreeSet<>(config.root().keySet());
      unknown.removeAll(KEYS);
      if (!unknown.isEmpty()) {
        throw InvalidConfigException.of(
            file.toString(),
            "must have no other keys than %s: found=%s".formatted(new TreeSet<>(KEYS), unknown));
      }
      return of(config);
    } catch (ConfigException e) {
      throw InvalidConfigException.of(file.toString(), String.valueOf(e.getMessage()));
    } catch (Rules.BrokenRulesException e) {
      throw InvalidConfigException.of(file.toString(), String.valueOf(e.getMessage()));
    }
  }

  private static ClusterSettings of(Config config) throws IOException {
    Config journal = config.getConfig("journal");
    return new ClusterSettings(
        config.getString("node"),
        config.getString("artery"),
        config.getStringList("seeds"),
        Set.copyOf(config.getStringList("roles")),
        config.getString("aeron"),
        Path.of(config.getString("certificates")),
        new Journal.Shared(
            journal.getString("url"),
            journal.getString("user"),
            Files.readString(Path.of(journal.getString("password-file"))).strip()),
        Path.of(config.getString("runs")));
  }

  public Config overlay() {
    int colon = artery.lastIndexOf(':');
    Map<String, Object> own = new HashMap<>();
    own.put("akka.remote.artery.canonical.hostname", artery.substring(0, colon));
    own.put("akka.remote.artery.canonical.port", Integer.valueOf(artery.substring(colon + 1)));
    own.put("espalier.node.certificate", certificates.resolve(NodeCertificates.NODE).toString());
    Config config = ConfigFactory.parseMap(own);
    Set<String> all = new TreeSet<>(roles);
    all.add(NodeNames.role(node));
    return config
        .withValue(
            "akka.cluster.seed-nodes",
            ConfigValueFactory.fromIterable(seeds.stream().map(SYSTEM::concat).toList()))
        .withValue("akka.cluster.roles", ConfigValueFactory.fromIterable(all))
        .withFallback(ConfigFactory.parseResources("cluster.conf"));
  }
}
