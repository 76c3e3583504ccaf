# LLVM's code generator registers its options and passes before main(): 340 functions, 1.5 ms and 400 page faults at each
# start of the command, which few commands need. So it is linked from copies of its archives, in which the table of these
# functions has another name: nobody runs them at the start, and compiler/llvm/late_init.cc runs them before code is made.
# What links finished code stays as it is. Sanitizers watch over initialisation, so their builds stay as they are too.
if(LICTOR_SANITIZE OR NOT CMAKE_OBJCOPY)
  return()
endif()

set(linking "^LLVM(OrcJIT|OrcShared|OrcTargetProcess|JITLink|ExecutionEngine|RuntimeDyld|Object|MC|BinaryFormat|TargetParser|Support|Demangle)$")

# All LLVM libraries that these link, themselves included.
function(lictor_llvm_closure result)
  set(open ${ARGN})
  set(seen "")
  while(open)
    list(POP_FRONT open target)
    if(NOT TARGET "${target}" OR NOT target MATCHES "^LLVM" OR target IN_LIST seen)
      continue()
    endif()
    list(APPEND seen ${target})
    get_target_property(links ${target} INTERFACE_LINK_LIBRARIES)
    if(links)
      list(APPEND open ${links})
    endif()
  endwhile()
  set(${result} ${seen} PARENT_SCOPE)
endfunction()

function(lictor_init_late target)
  get_target_property(archive ${target} LOCATION)
  cmake_path(GET archive FILENAME name)
  set(copy "${CMAKE_BINARY_DIR}/llvm/${name}")
  execute_process(COMMAND grep -qF .init_array "${archive}" RESULT_VARIABLE without)
  if(without OR NOT archive MATCHES "\\.a$")
    return()
  endif()
  if(NOT EXISTS "${copy}" OR "${archive}" IS_NEWER_THAN "${copy}")
    file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/llvm")
    execute_process(COMMAND "${CMAKE_OBJCOPY}" --rename-section .init_array=lictor_late_init,alloc,data,contents
                            "${archive}" "${copy}" COMMAND_ERROR_IS_FATAL ANY)
  endif()
  get_target_property(configurations ${target} IMPORTED_CONFIGURATIONS)
  foreach(configuration IN LISTS configurations)
    set_target_properties(${target} PROPERTIES IMPORTED_LOCATION_${configuration} "${copy}")
  endforeach()
endfunction()

lictor_llvm_closure(llvm_libraries ${LICTOR_LLVM_LIBRARIES})
foreach(target IN LISTS llvm_libraries)
  if(NOT target MATCHES "${linking}")
    lictor_init_late(${target})
  endif()
endforeach()
