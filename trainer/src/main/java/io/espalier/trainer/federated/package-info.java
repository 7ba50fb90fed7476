/** Federated training on the engine: local work of clients, merging on the server. */
package io.espalier.trainer.federated;
