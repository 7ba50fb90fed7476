/** Federated training on the engine: work of clients, payloads, merging on the server. */
package io.espalier.trainer.federated;
