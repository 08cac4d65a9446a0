import CArenaPlugin

// arena.job/1, arena.views/1 and arena.artifacts/1: what a job reads and leaves behind.
extension ServiceTables {
    static var job: arena_job_service {
        var table = arena_job_service()
        table.struct_size = UInt32(MemoryLayout<arena_job_service>.size)
        table.put = { table, call, type, key, json in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                try scope.services.put(
                    type: try scope.text(type, "record_type"), key: try scope.text(key, "key"),
                    json: try scope.text(json, "json"), in: scope.call)
            }
        }
        table.commit = { table, call, checkpoint, expected, sequence in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                let sequence = try scope.place(sequence)
                sequence.pointee = try scope.services.commit(
                    checkpoint: try scope.bytes(checkpoint, "checkpoint"), expected: expected, in: scope.call)
            }
        }
        return table
    }

    static var views: arena_views_service {
        var table = arena_views_service()
        table.struct_size = UInt32(MemoryLayout<arena_views_service>.size)
        table.page = { table, call, name, params, cursor, limit, json in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                let page = try scope.services.page(
                    view: try scope.text(name, "name"), params: try scope.text(params, "params_json"),
                    cursor: try scope.text(cursor, "cursor"), limit: limit, in: scope.call)
                try scope.write(page, to: json)
            }
        }
        return table
    }

    static var artifacts: arena_artifacts_service {
        var table = arena_artifacts_service()
        table.struct_size = UInt32(MemoryLayout<arena_artifacts_service>.size)
        table.create = { table, call, name, mediaType, artifact in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                let artifact = try scope.place(artifact)
                artifact.pointee = try scope.services.createArtifact(
                    name: try scope.text(name, "name"), mediaType: try scope.text(mediaType, "media_type"),
                    in: scope.call)
            }
        }
        table.write = { table, call, artifact, data in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                try scope.services.writeArtifact(artifact, bytes: try scope.bytes(data, "data"), in: scope.call)
            }
        }
        table.finish = { table, call, artifact, json in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                try scope.write(try scope.services.finishArtifact(artifact, in: scope.call), to: json)
            }
        }
        table.discard = { table, call, artifact in
            ServiceScope.run(table?.pointee.host_context, call) { scope throws(ServiceFailure) in
                try scope.services.discardArtifact(artifact, in: scope.call)
            }
        }
        return table
    }
}
